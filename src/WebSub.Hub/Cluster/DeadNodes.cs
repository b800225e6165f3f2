using Microsoft.Extensions.Options;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>
/// Releases the claims of a node that is gone: a killed process is replaced within a second, not when its claims end (rule 26).
/// </summary>
internal sealed class DeadNodes(
    HubNode node,
    IOptions<HubOptions> options,
    ClaimStore claims,
    LaneSignals lanes,
    IntentSignal intent,
    FetchSignal fetch,
    BehindSignal behind,
    HubClock time,
    ILogger<DeadNodes> logger
) : MaintenanceTask(TimeSpan.FromSeconds(1))
{
    /// <summary>How much longer a claim may last than its attempt.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(time);
        var until = now + LongestClaim + Margin;
        var dead = await claims.FindDeadAsync(node.Name, now, until, cancellationToken);
        if (dead.Count == 0)
            return false;

        foreach (var name in await claims.FreeAsync(dead, now, until, cancellationToken))
            Log.NodeGone(logger, name);
        foreach (var signal in (WorkSignal[])[lanes, intent, fetch, behind])
            signal.Raise();
        return false;
    }

    private TimeSpan LongestClaim =>
        new[] { options.Value.Verification.Timeout, options.Value.Publishing.FetchTimeout, options.Value.Delivery.Timeout }.Max();
}
