using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Hub;
using WebSub.Conformance.Publisher;
using WebSub.Conformance.Reports;
using WebSub.Conformance.Subscriber;
using WebSub.Conformance.Tests.Hub;

namespace WebSub.Conformance.Tests.Checks;

/// <summary>What a run says of everything that it does not check.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Run_Stopped_SaysWhatEndedAndWhatDidNot()
    {
        await using var hub = await ScriptedHub.StartAsync(HubFault.None);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var progress = new Heard(result =>
        {
            if (result.Outcome == CheckOutcome.Passed)
                stop.Cancel();
        });
        var options = new HubCheckOptions
        {
            Hub = hub.Url,
            AllowPrivateNetworks = true,
            Parallelism = 1,
        };

        var report = await HubConformance.RunAsync(options, progress, stop.Token);

        Assert.True(report.WasStopped);
        Assert.Equal(HubConformance.Requirements, report.Results.Select(r => r.Requirement));
        Assert.Equal(report.Results.Count, progress.Results.Count);
        Assert.Equal(1, report.Count(CheckOutcome.Passed));
        Assert.Equal(0, report.Count(CheckOutcome.Failed));
        Assert.Contains(report.Results, r => r.Reason == "not run to its end: the run was stopped");
    }

    [Fact]
    public async Task Run_OfAHubThatTalksALot_QuotesTheBeginningInOneLine()
    {
        const string Key = "wsk_of-this-run";
        await using var hub = Loopback.BuildServer();
        hub.Run(async context =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync($"Sorry, {Key}!\r\n{new string('x', 60_000)}");
        });
        await hub.StartAsync(TestContext.Current.CancellationToken);
        var options = new HubCheckOptions
        {
            Hub = hub.Urls.Single(),
            ApiKey = Key,
            AllowPrivateNetworks = true,
            Only = ["H1", "H9", "H10-reason"],
        };

        var report = await HubConformance.RunAsync(options, cancellationToken: TestContext.Current.CancellationToken);

        var reasons = report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => r.Reason!).ToList();
        Assert.Equal(3, reasons.Count);
        Assert.All(reasons, r => Assert.InRange(r.Length, 20, 300));
        Assert.StartsWith("it answered 500: \"Sorry, ***! xxx", reasons[0], StringComparison.Ordinal);
        Assert.DoesNotContain(Key, ReportWriter.Write(report, ReportFormat.Json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("H2", "H2")]
    [InlineData("h20", "H20 H20-body H20-redirect")]
    [InlineData("h20-BODY", "H20-body")]
    [InlineData("c", "C1 C2 C3 C4 C5 C6 C7")]
    [InlineData("1", "")]
    public void Requirement_IsNamedByItsIdItsNumberOrItsLetter(string typed, string named)
    {
        var found = HubConformance.Requirements.Where(r => r.IsNamed(typed)).Select(r => r.Id);

        Assert.Equal(named, string.Join(' ', found));
    }

    [Fact]
    public void Requirements_OfEachRole_AreAllThere()
    {
        Assert.Empty(Missing(HubConformance.Requirements, ("H", 35), ("C", 7)));
        Assert.Empty(Missing(PublisherConformance.Requirements, ("D", 18), ("P", 5)));
        Assert.Empty(Missing(SubscriberConformance.Requirements, ("S", 33), ("C", 10)));
    }

    private static IEnumerable<string> Missing(IReadOnlyList<Requirement> requirements, params (string Family, int Last)[] families) =>
        families
            .SelectMany(f => Enumerable.Range(1, f.Last).Select(n => $"{f.Family}{n}"))
            .Where(id => !requirements.Any(r => r.IsNamed(id)));

    private sealed class Heard(Action<CheckResult> then) : IProgress<CheckResult>
    {
        public List<CheckResult> Results { get; } = [];

        public void Report(CheckResult value)
        {
            Results.Add(value);
            then(value);
        }
    }
}
