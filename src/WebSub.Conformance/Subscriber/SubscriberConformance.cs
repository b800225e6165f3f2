using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Http;
using WebSub.Values;

namespace WebSub.Conformance.Subscriber;

/// <summary>Checks a subscriber from outside, with topics and a hub of its own to which it is made to subscribe.</summary>
public static class SubscriberConformance
{
    private static readonly CheckSuite<SubscriberBench> Suite = new(
        "subscriber",
        "DSCX",
        [
            .. DiscoveryChecks.All,
            .. RequestChecks.All,
            .. VerificationChecks.All,
            .. DeliveryChecks.All,
            .. SignatureChecks.All,
            .. EndingChecks.All,
        ],
        UncheckedRequirements.All
    );

    /// <summary>What is checked, in the order of a report.</summary>
    public static IReadOnlyList<Requirement> Requirements => Suite.Requirements;

    /// <summary>Runs the checks.</summary>
    /// <param name="options">How the subscriber is made to subscribe, and how patiently it is checked.</param>
    /// <param name="progress">Hears of each check when it has ended, in no order; at the end of those that are never run.</param>
    /// <param name="cancellationToken">Stops the run: what has not ended is skipped, and the report says so.</param>
    /// <returns>The report, with all results in the order of the requirements; its target is where the callbacks are.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled before the first check.</exception>
    public static async Task<ConformanceReport> RunAsync(
        SubscriberCheckOptions options,
        IProgress<CheckResult>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = options.AllowPrivateNetworks });
        var server = await PeerServer
            .StartAsync(options.Port, options.PublicUrl, TimeProvider.System, cancellationToken)
            .ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
            return await RunAsync(options, server, http, progress, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<ConformanceReport> RunAsync(
        SubscriberCheckOptions options,
        PeerServer server,
        HttpClient http,
        IProgress<CheckResult>? progress,
        CancellationToken cancellationToken
    )
    {
        var time = TimeProvider.System;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scenes = new Scenes(options, server, http, time, over.Token);
        try
        {
            var report = await Suite
                .RunAsync(
                    "a subscriber",
                    time.GetUtcNow(),
                    // All side by side: what they wait for are the same few subscriptions.
                    new CheckSelection(options.Only, options.IncludeLong, Requirements.Count),
                    end => new SubscriberBench(options, scenes, time, end),
                    progress,
                    over.Token
                )
                .ConfigureAwait(false);
            return report with { Target = Target(scenes) ?? report.Target };
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await scenes.CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Scheme, host and port of the callbacks; null if there are none.</summary>
    private static string? Target(Scenes scenes) =>
        scenes
            .All.SelectMany(s => s.Hub.Requests.All)
            .Select(r => VerbatimUrl.TryCreate(r.Callback, out var url, out _) ? url.GetLeftPart(UriPartial.Authority) : null)
            .FirstOrDefault(u => u is not null);
}
