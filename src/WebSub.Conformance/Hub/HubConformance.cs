using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Http;

namespace WebSub.Conformance.Hub;

/// <summary>Checks a hub from outside, with a publisher and subscribers of its own.</summary>
public static class HubConformance
{
    private static readonly CheckSuite<HubBench> Suite = new(
        "hub",
        "HCX",
        [.. RequestChecks.All, .. VerificationChecks.All, .. DeliveryChecks.All, .. SignatureChecks.All],
        UncheckedRequirements.All
    );

    /// <summary>What is checked, in the order of a report.</summary>
    public static IReadOnlyList<Requirement> Requirements => Suite.Requirements;

    /// <summary>Runs the checks.</summary>
    /// <param name="options">Which hub, and how patiently.</param>
    /// <param name="progress">Hears of each check when it has ended, in no order; at the end of those that are never run.</param>
    /// <param name="cancellationToken">Stops the run: what has not ended is skipped, and the report says so.</param>
    /// <returns>The report, with all results in the order of the requirements.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled before the first check.</exception>
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
            return await Suite
                .RunAsync(
                    options.Hub,
                    startedAt,
                    new CheckSelection(options.Only, options.IncludeLong, options.Parallelism),
                    over => new HubBench(options, server, http, time, over),
                    progress,
                    cancellationToken
                )
                .ConfigureAwait(false);
    }
}
