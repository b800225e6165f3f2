using System.Diagnostics;
using System.Globalization;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Http;

namespace WebSub.Conformance.Hub;

/// <summary>Checks a hub from outside, with a publisher and subscribers of its own.</summary>
public static class HubConformance
{
    private static readonly IReadOnlyList<HubCheck> Checks =
    [
        .. RequestChecks.All,
        .. VerificationChecks.All,
        .. DeliveryChecks.All,
        .. SignatureChecks.All,
    ];

    /// <summary>What is checked, in the order of a report.</summary>
    public static IReadOnlyList<Requirement> Requirements { get; } =
    [
        .. Checks
            .Select(c => c.Requirement)
            .Concat(UncheckedRequirements.All.Select(u => u.Requirement))
            .OrderBy(SortKey, StringComparer.Ordinal),
    ];

    /// <summary>Runs the checks.</summary>
    /// <param name="options">Which hub, and how patiently.</param>
    /// <param name="progress">Hears of each check when it has ended, in no particular order.</param>
    /// <param name="cancellationToken">Ends the run; there is no report then.</param>
    /// <returns>The report, with all results in the order of the requirements.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<ConformanceReport> RunAsync(
        HubCheckOptions options,
        IProgress<CheckResult>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var time = TimeProvider.System;
        var startedAt = time.GetUtcNow();
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = options.AllowPrivateNetworks });
        var server = await PeerServer.StartAsync(options.Port, options.PublicUrl, time, cancellationToken).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            var checks = Checks.Where(c => IsWanted(c.Requirement, options)).ToList();
            var results = new CheckResult[checks.Count];
            await Parallel
                .ForAsync(
                    0,
                    checks.Count,
                    new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken },
                    async (i, over) =>
                    {
                        var bench = new HubBench(options, server, http, time, over);
                        results[i] = await RunAsync(checks[i], bench).ConfigureAwait(false);
                        progress?.Report(results[i]);
                    }
                )
                .ConfigureAwait(false);
            var others = UncheckedRequirements.All.Where(u => IsWanted(u.Requirement, options));
            return new(
                "hub",
                options.Hub,
                startedAt,
                [
                    .. results
                        .Concat(others.Select(u => new CheckResult(u.Requirement, CheckOutcome.Skipped, u.Reason, TimeSpan.Zero, [])))
                        .OrderBy(r => SortKey(r.Requirement), StringComparer.Ordinal),
                ]
            );
        }
    }

    private static async Task<CheckResult> RunAsync(HubCheck check, HubBench bench)
    {
        if (check.IsLong && !bench.Options.IncludeLong)
            return new(check.Requirement, CheckOutcome.Skipped, "takes minutes; ask for the long checks", TimeSpan.Zero, []);
        var watch = Stopwatch.StartNew();
        try
        {
            await check.RunAsync(bench).ConfigureAwait(false);
            return Ended(CheckOutcome.Passed, null);
        }
        catch (CheckFailedException e)
        {
            return Ended(CheckOutcome.Failed, e.Message);
        }
        catch (CheckSkippedException e)
        {
            return Ended(CheckOutcome.Skipped, e.Message);
        }

        CheckResult Ended(CheckOutcome outcome, string? reason) =>
            new(check.Requirement, outcome, reason, watch.Elapsed, bench.Transcript.Exchanges);
    }

    private static bool IsWanted(Requirement requirement, HubCheckOptions options) =>
        options.Only.Count == 0 || options.Only.Any(requirement.IsNamed);

    // H before C before X, as the pages have them; H2 before H10.
    private static string SortKey(Requirement requirement)
    {
        var number = requirement.Id[1..].Split('-')[0];
        var family = "HCX".IndexOf(requirement.Id[0], StringComparison.Ordinal);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{family}{int.Parse(number, CultureInfo.InvariantCulture):00}{requirement.Id[(1 + number.Length)..]}"
        );
    }
}
