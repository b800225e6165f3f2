using System.Collections.Concurrent;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Publisher;
using WebSub.TestSupport;

namespace WebSub.Conformance.Tests.Publisher;

/// <summary>Each check fails for a publisher that is wrong in that and right in all else, and no other check does.</summary>
public sealed class PublisherMatrixTests
{
    private const int AtOnce = 16;

    [Fact]
    public async Task Check_OfAPublisherWithOneFault_FailsAlone()
    {
        var failed = new ConcurrentDictionary<PublisherFault, string>();

        await Parallel.ForEachAsync(
            Enum.GetValues<PublisherFault>(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (fault, over) =>
            {
                await using var publisher = await ScriptedPublisher.StartAsync(fault);
                failed[fault] = Failed(await RunAsync(publisher, isChanged: true, over));
            }
        );

        var all = Enum.GetValues<PublisherFault>().ToDictionary(f => f, Check);
        Assert.Empty(failed.Except(all));
        var checks = PublisherConformance.Requirements.Select(r => r.Id).Except(UncheckedRequirements.All.Select(u => u.Requirement.Id));
        Assert.Empty(checks.Except(all.Values));
    }

    [Fact]
    public async Task Check_OfAFaultlessPublisher_PassesWhatAppliesToIt()
    {
        await using var publisher = await ScriptedPublisher.StartAsync(PublisherFault.None);

        var report = await RunAsync(publisher, isChanged: true, TestContext.Current.CancellationToken);

        var passed = report.Results.Where(r => r.Outcome == CheckOutcome.Passed).Select(r => r.Requirement.Id);
        Assert.Equal(
            ["D1", "D2", "D3", "D5", "D6", "D7", "D8", "D9", "D12", "D13", "D15", "P1-hub", "P1-self", "P2", "P2-content", "P4", "P5"],
            passed
        );
        Assert.Contains("not seen: whether the publisher told the hub", Reason(report, "P2"), StringComparison.Ordinal);
        Assert.Contains("not seen: whether", Reason(report, "P5"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hub.mode=publish&hub.url={0}")]
    [InlineData("hub.mode=publish&hub.topic={0}")]
    [InlineData("hub.mode=publish&hub.url[]={0}")]
    [InlineData("hub.mode=publish&hub.url=http%3A%2F%2Fother.example%2F,{0}")]
    public async Task Check_OfAPublisherThatNamesTheChecksHub_SeesThePing(string ping)
    {
        var port = FreePort.Next();
        await using var publisher = await ScriptedPublisher.StartAsync($"http://localhost:{port}/hub", namesNoOther: true, ping);

        var report = await RunAsync(publisher, isChanged: true, TestContext.Current.CancellationToken, port);

        Assert.Equal("", Failed(report));
        Assert.Equal($"seen: POST http://localhost:{port}/hub with hub.mode=publish", Reason(report, "P2"));
        Assert.Equal(CheckOutcome.Passed, report.Results.Single(r => r.Requirement.Id == "P2-content").Outcome);
        Assert.Contains(
            report.Results.Single(r => r.Requirement.Id == "P2").Exchanges,
            e => e.Request.Contains("hub.mode=publish", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hub.mode=publish&hub.url=http%3A%2F%2Fother.example%2F")]
    [InlineData("hub.mode=unheard-of&hub.url={0}")]
    public async Task Check_OfAPublisherThatDoesNotTellTheChecksHub_Fails(string? ping)
    {
        var port = FreePort.Next();
        await using var publisher = await ScriptedPublisher.StartAsync($"http://127.0.0.1:{port}/hub", namesNoOther: true, ping);

        var report = await RunAsync(publisher, isChanged: true, TestContext.Current.CancellationToken, port);

        Assert.Equal("P2", Failed(report));
        Assert.StartsWith($"no ping of the topic came to http://127.0.0.1:{port}/hub", Reason(report, "P2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAPublisherThatTellsTheChecksHubTooEarly_FailsForThat()
    {
        var port = FreePort.Next();
        const string Ping = "hub.mode=publish&hub.url={0}";
        var hub = $"http://127.0.0.1:{port}/hub";
        await using var publisher = await ScriptedPublisher.StartAsync(hub, namesNoOther: true, Ping, tellsTooEarly: true);

        var report = await RunAsync(publisher, isChanged: true, TestContext.Current.CancellationToken, port, "P2");

        Assert.Equal("P2-content", Failed(report));
    }

    [Fact]
    public async Task Check_WhereOtherHubsPoll_FailsForTheOneThatIsNotTold()
    {
        var port = FreePort.Next();
        await using var publisher = await ScriptedPublisher.StartAsync($"http://127.0.0.1:{port}/hub", namesNoOther: false, ping: null);

        var report = await RunAsync(publisher, isChanged: true, TestContext.Current.CancellationToken, port);

        Assert.Equal("P5", Failed(report));
        Assert.StartsWith($"no ping of the topic came to http://127.0.0.1:{port}/hub", Reason(report, "P5"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WithoutAChange_SubscribesNowhere()
    {
        await using var publisher = await ScriptedPublisher.StartAsync(PublisherFault.None);

        var report = await RunAsync(publisher, isChanged: false, TestContext.Current.CancellationToken);

        Assert.Equal("", Failed(report));
        Assert.Equal(
            ["P2", "P2-content", "P5"],
            report.Results.Where(r => r.Reason?.Contains("not asked for", StringComparison.Ordinal) == true).Select(r => r.Requirement.Id)
        );
        Assert.DoesNotContain(report.Results, r => r.Exchanges.Any(e => e.Request.Contains("hub.mode", StringComparison.Ordinal)));
    }

    private static async Task<ConformanceReport> RunAsync(
        ScriptedPublisher publisher,
        bool isChanged,
        CancellationToken over,
        int port = 0,
        params string[] only
    )
    {
        using var http = Loopback.CreateClient();
        var options = new PublisherCheckOptions
        {
            Topic = publisher.Url,
            Port = port,
            Only = only,
            Change = isChanged ? ChangeAsync : null,
            AllowPrivateNetworks = true,
            Parallelism = 64,
            Settle = TimeSpan.Zero,
            ChangePatience = TimeSpan.FromSeconds(5),
        };
        return await PublisherConformance.RunAsync(options, http, progress: null, over);

        async Task<string?> ChangeAsync(CancellationToken cancellationToken)
        {
            await publisher.ChangeAsync(cancellationToken);
            return null;
        }
    }

    private static string? Reason(ConformanceReport report, string id) => report.Results.Single(r => r.Requirement.Id == id).Reason;

    private static string Failed(ConformanceReport report) =>
        string.Join("; ", report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => r.Requirement.Id));

    /// <summary>The id that a fault's name begins with; words of it belong to the id where there is such a check.</summary>
    private static string Check(PublisherFault fault) =>
        PublisherConformance
            .Requirements.Select(r => r.Id)
            .Where(id => $"{fault}".StartsWith(id.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
            .MaxBy(id => id.Length)
        ?? "";
}
