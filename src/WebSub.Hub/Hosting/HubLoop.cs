using WebSub.Work;

namespace WebSub.Hub.Hosting;

/// <summary>A background loop of the hub: it begins when the hub is ready and goes by the time that the nodes share.</summary>
internal abstract class HubLoop(HubNode node, WorkSignal signal, HubClock time, ILogger logger) : Loop(signal, time, logger)
{
    /// <summary>How long a loop that claims waits while other nodes take this one for dead.</summary>
    protected static TimeSpan UntilSeen => AfterFailure;

    /// <summary>This process.</summary>
    protected HubNode Node { get; } = node;

    /// <summary>What ends the loop's sleep early.</summary>
    protected WorkSignal Wakeup => Signal;

    /// <summary>The clock.</summary>
    protected new HubClock Time { get; } = time;

    /// <inheritdoc/>
    protected sealed override Task ReadyAsync(CancellationToken cancellationToken) => Node.ReadyAsync(cancellationToken);
}
