using System.Collections.Concurrent;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Conformance.Subscriber;

namespace WebSub.Conformance.Tests.Subscriber;

/// <summary>Each check fails for a subscriber that is wrong in that and right in all else, and no other check does.</summary>
public sealed class SubscriberMatrixTests
{
    private const int AtOnce = 8;

    [Fact]
    public async Task Check_OfASubscriberWithOneFault_FailsAlone()
    {
        var failed = new ConcurrentDictionary<SubscriberFault, string>();

        await Parallel.ForEachAsync(
            Enum.GetValues<SubscriberFault>(),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (fault, over) => failed[fault] = Failed(await RunAsync(fault, over))
        );

        var all = Enum.GetValues<SubscriberFault>().ToDictionary(f => f, Check);
        Assert.Empty(failed.Except(all));
        var checks = SubscriberConformance.Requirements.Select(r => r.Id).Except(UncheckedRequirements.All.Select(u => u.Requirement.Id));
        Assert.Empty(checks.Except(all.Values));
    }

    [Fact]
    public async Task Check_OfAFaultlessSubscriber_PassesWhatAppliesToIt()
    {
        var report = await RunAsync(SubscriberFault.None, TestContext.Current.CancellationToken);

        var skipped = report.Results.Where(r => r.Outcome == CheckOutcome.Skipped).Select(r => r.Requirement.Id);
        Assert.Equal(
            ["C10", "S10", "S6-https"],
            skipped.Except(UncheckedRequirements.All.Select(u => u.Requirement.Id)).Order(StringComparer.Ordinal)
        );
    }

    private static async Task<ConformanceReport> RunAsync(SubscriberFault fault, CancellationToken over)
    {
        await using var subscriber = await ScriptedSubscriber.StartAsync(fault);
        using var http = Loopback.CreateClient();
        var options = new SubscriberCheckOptions
        {
            Subscribe = subscriber.SubscribeAsync,
            Unsubscribe = subscriber.UnsubscribeAsync,
            Received = (_, _) => Task.FromResult(subscriber.Received),
            AllowPrivateNetworks = true,
            IncludeLong = true,
            ShortLease = TimeSpan.FromSeconds(10),
            Patience = TimeSpan.FromSeconds(10),
            SubscribePatience = TimeSpan.FromSeconds(10),
            Settle = TimeSpan.FromMilliseconds(200),
        };
        await using var server = await PeerServer.StartAsync(0, publicUrl: null, TimeProvider.System, over);
        var scheme = fault switch
        {
            SubscriberFault.S10SecretInTheOpen => "http",
            SubscriberFault.S28GivesNoSecret => "https",
            _ => null,
        };
        if (scheme is not null)
            server.PublicUrl = $"{scheme}://check.example:{server.Port}";
        return await SubscriberConformance.RunAsync(options, server, http, progress: null, over);
    }

    private static string Failed(ConformanceReport report) =>
        string.Join("; ", report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => r.Requirement.Id));

    /// <summary>The id that a fault's name begins with; words of it belong to the id where there is such a check.</summary>
    private static string Check(SubscriberFault fault) =>
        SubscriberConformance
            .Requirements.Select(r => r.Id)
            .Where(id => $"{fault}".StartsWith(id.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
            .MaxBy(id => id.Length)
        ?? "";
}
