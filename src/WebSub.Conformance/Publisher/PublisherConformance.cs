using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Http;

namespace WebSub.Conformance.Publisher;

/// <summary>Checks a publisher from outside: what a topic of its says of itself, and whether its hubs hear of a change.</summary>
public static class PublisherConformance
{
    private static readonly CheckSuite<PublisherBench> Suite = new(
        "publisher",
        "DP",
        [.. LinkChecks.All, .. TopicChecks.All, .. HubChecks.All, .. ChangeChecks.All],
        UncheckedRequirements.All
    );

    /// <summary>What is checked, in the order of a report.</summary>
    public static IReadOnlyList<Requirement> Requirements => Suite.Requirements;

    /// <summary>Runs the checks.</summary>
    /// <param name="options">Which publisher, and how patiently.</param>
    /// <param name="progress">Hears of each check when it has ended, in no order; at the end of those that are never run.</param>
    /// <param name="cancellationToken">Stops the run: what has not ended is skipped, and the report says so.</param>
    /// <returns>The report, with all results in the order of the requirements.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled before the first check.</exception>
    public static async Task<ConformanceReport> RunAsync(
        PublisherCheckOptions options,
        IProgress<CheckResult>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = options.AllowPrivateNetworks });
        return await RunAsync(options, http, progress, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<ConformanceReport> RunAsync(
        PublisherCheckOptions options,
        HttpClient http,
        IProgress<CheckResult>? progress,
        CancellationToken cancellationToken
    )
    {
        var time = TimeProvider.System;
        var startedAt = time.GetUtcNow();
        var server = await PeerServer.StartAsync(options.Port, options.PublicUrl, time, cancellationToken).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            var reader = new TopicReader(http, time, options.Patience);
            var page = new PageVisit(options, reader, new(time), cancellationToken);
            var own = new OwnHub(server, time);
            var change = new ChangeWatch(options, page, reader, server, own, http, time, cancellationToken);
            return await Suite
                .RunAsync(
                    options.Topic,
                    startedAt,
                    new CheckSelection(options.Only, IncludeLong: true, options.Parallelism),
                    over => new PublisherBench(options, page, change, own, reader, http, time, over),
                    progress,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
    }
}
