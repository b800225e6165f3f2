using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WebSub.Work;

/// <summary>A background loop: waits until it may begin, sleeps until woken or something is due, and survives database failures.</summary>
internal abstract class Loop(WorkSignal signal, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>How long a failed loop waits before it retries.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>What ends the loop's sleep early.</summary>
    protected WorkSignal Signal { get; } = signal;

    /// <summary>The clock.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>The loop's log.</summary>
    protected ILogger Logger { get; } = logger;

    /// <summary>
    /// Runs steps until cancelled, sleeping in between as long as the step said or until woken. A step that throws is logged.
    /// </summary>
    /// <param name="name">The name of the loop in the log.</param>
    /// <param name="step">Does what is due now and returns how long until something else is.</param>
    /// <param name="signal">Ends the sleep early.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="stopping">Ends the loop, with an <see cref="OperationCanceledException"/>.</param>
    public static async Task RepeatAsync(
        string name,
        Func<CancellationToken, Task<TimeSpan>> step,
        WorkSignal signal,
        TimeProvider time,
        ILogger logger,
        CancellationToken stopping
    )
    {
        var failures = new FailureLog(name, time, logger);
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            var sleep = AfterFailure;
            try
            {
                sleep = await step(stopping);
            }
#pragma warning disable CA1031 // The database may be unavailable for a while; the loop must outlive that.
            catch (Exception e)
#pragma warning restore CA1031
            {
                // What is called off because we stop may fail in any way.
                stopping.ThrowIfCancellationRequested();
                failures.Report(e);
            }

            if (sleep > TimeSpan.Zero)
                await signal.WaitAsync(sleep, time, stopping);
        }
    }

    /// <summary>Ends the loop before the host comes to it: the host stops one service after the other.</summary>
    protected virtual CancellationToken EndsWith => CancellationToken.None;

    /// <summary>Completes when the loop may begin.</summary>
    protected virtual Task ReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does what is due now and returns how long until something else is.</summary>
    protected abstract Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken);

    /// <summary>Runs once, when the application stops.</summary>
    protected virtual Task FinishAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, EndsWith);
        try
        {
            await ReadyAsync(either.Token);
            await RepeatAsync(GetType().Name, RunOnceAsync, Signal, Time, Logger, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            await FinishAsync();
        }
    }
}
