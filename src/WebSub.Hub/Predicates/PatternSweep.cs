using WebSub.Hub.Diagnostics;
using WebSub.Storage;

namespace WebSub.Hub.Predicates;

/// <summary>Removes predicate subscriptions whose lease has ended, in small steps that hold nothing up. Deliveries check the lease by themselves.</summary>
internal sealed class PatternSweep(HubNode node, PatternStore patterns, HubClock time, ILogger<PatternSweep> logger)
    : HubLoop(node, new Wakeup(), time, logger)
{
    private const int Step = 500;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var gone = await patterns.SweepExpiredAsync(UnixMicroseconds.Now(Time), Step, cancellationToken);
        if (gone > 0) Log.Expired(Logger, gone);
        return gone == Step ? TimeSpan.Zero : Every;
    }
}
