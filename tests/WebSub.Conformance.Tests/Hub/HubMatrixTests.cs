using System.Collections.Concurrent;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Hub;

namespace WebSub.Conformance.Tests.Hub;

/// <summary>Each check fails for a hub that is wrong in that and right in all else, and no other check does.</summary>
public sealed class HubMatrixTests
{
    private const int AtOnce = 24;

    // Their checks wait for what never comes; they begin first.
    private static readonly HubFault[] WaitedFor =
    [
        HubFault.H18DropsUnreadableTopicsSilently,
        HubFault.H28FollowsRedirects,
        HubFault.H28Turns302IntoGet,
        HubFault.H28FailedIsDelivered,
        HubFault.H28FailedBut308IsDelivered,
        HubFault.H29NeverTriesAgain,
        HubFault.H30EndsAfterThreeFailures,
        HubFault.H30EndsAfter404,
        HubFault.X4IgnoresTopicPings,
        HubFault.X4SeveralTakesTheFirst,
        HubFault.X4BracketsAreUnknown,
        HubFault.X4ListIsOneTopic,
    ];

    [Fact]
    public async Task Check_OfAHubWithOneFault_FailsAlone()
    {
        var failed = new ConcurrentDictionary<HubFault, string>();

        await Parallel.ForEachAsync(
            Enum.GetValues<HubFault>().OrderByDescending(f => WaitedFor.Contains(f)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (fault, over) =>
            {
                await using var hub = await ScriptedHub.StartAsync(fault);
                var report = await HubConformance.RunAsync(Patiently(hub.Url), cancellationToken: over);
                failed[fault] = string.Join(
                    "; ",
                    report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => r.Requirement.Id)
                );
            }
        );

        var all = Enum.GetValues<HubFault>().ToDictionary(f => f, Check);
        Assert.Empty(failed.Except(all));
        var checks = HubConformance.Requirements.Select(r => r.Id).Except(UncheckedRequirements.All.Select(u => u.Requirement.Id));
        Assert.Empty(checks.Except(all.Values));
    }

    // Whoever gets nothing has been passed over by the time that the one behind it in the line has its update.
    private static HubCheckOptions Patiently(string hub) =>
        new()
        {
            Hub = hub,
            AllowPrivateNetworks = true,
            IncludeLong = true,
            Parallelism = 64,
            Patience = TimeSpan.FromSeconds(10),
            Settle = TimeSpan.Zero,
            Quiet = TimeSpan.FromMilliseconds(100),
            RetryPatience = TimeSpan.FromSeconds(10),
            RetryAfter = TimeSpan.FromSeconds(6),
        };

    /// <summary>The id that a fault's name begins with; words of it belong to the id where there is such a check.</summary>
    private static string Check(HubFault fault)
    {
        var name = fault.ToString();
        return fault == HubFault.None
            ? ""
            : HubConformance
                .Requirements.Select(r => r.Id)
                .Where(id => name.StartsWith(id.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                .MaxBy(id => id.Length)!;
    }
}
