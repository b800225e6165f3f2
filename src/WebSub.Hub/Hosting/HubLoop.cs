using WebSub.Hub.Diagnostics;

namespace WebSub.Hub.Hosting;

/// <summary>
/// A background loop of the hub: it begins when the hub is ready, sleeps until it is woken or something is due, and outlives a database
/// that is away.
/// </summary>
internal abstract class HubLoop(HubNode node, Wakeup wakeup, HubClock time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>How long a loop that claims waits while other nodes take this one for dead.</summary>
    protected static TimeSpan UntilSeen => AfterFailure;

    /// <summary>This process.</summary>
    protected HubNode Node { get; } = node;

    /// <summary>What ends the loop's sleep early.</summary>
    protected Wakeup Wakeup { get; } = wakeup;

    /// <summary>The clock.</summary>
    protected HubClock Time { get; } = time;

    /// <summary>The loop's log.</summary>
    protected ILogger Logger { get; } = logger;

    /// <summary>Does what is to be done now and returns how long nothing else is.</summary>
    protected abstract Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken);

    /// <summary>Runs once, when the application stops.</summary>
    protected virtual Task FinishAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Node.ReadyAsync(stoppingToken);
            while (true)
                await StepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await FinishAsync();
        }
    }

    private async Task StepAsync(CancellationToken stoppingToken)
    {
        stoppingToken.ThrowIfCancellationRequested();
        var sleep = AfterFailure;
        try
        {
            sleep = await RunOnceAsync(stoppingToken);
        }
#pragma warning disable CA1031 // The database may be away for a while; the loop must outlive it.
        catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.LoopFailed(Logger, e, GetType().Name);
        }

        if (sleep > TimeSpan.Zero)
            await Wakeup.WaitAsync(sleep, Time, stoppingToken);
    }
}
