using WebSub.Work;

namespace WebSub.Hub.Hosting;

/// <summary>
/// A background loop of the hub: it starts when the hub is ready, on nodes that deliver, and uses the time that the nodes share.
/// </summary>
internal abstract class HubLoop(HubNode node, WorkSignal signal, HubClock time, ILogger logger) : Loop(signal, time, logger)
{
    /// <summary>How long a claiming loop waits while other nodes assume that this one is dead.</summary>
    protected static TimeSpan UntilSeen => AfterFailure;

    /// <summary>This process.</summary>
    protected HubNode Node { get; } = node;

    /// <summary>The clock.</summary>
    protected new HubClock Time { get; } = time;

    /// <inheritdoc/>
    protected sealed override CancellationToken EndsWith => Node.Stopping;

    /// <inheritdoc/>
    protected override Task ReadyAsync(CancellationToken cancellationToken) => Node.ReadyToDeliverAsync(cancellationToken);
}
