using Microsoft.Extensions.Logging;

namespace WebSub.Work;

/// <summary>
/// A loop that claims due rows and runs them concurrently, as many as there is room for. The rows are the truth: what fails, or is not
/// finished when the application stops, is claimed again once its claim ends.
/// </summary>
internal abstract class ClaimLoop<TItem>(WorkSignal signal, TimeProvider time, ILogger logger) : Loop(signal, time, logger)
{
    private readonly InFlight _inFlight = new();
    private FailureLog? _failures;

    /// <summary>The longest sleep: other processes may add work without waking this loop.</summary>
    protected abstract TimeSpan LongestSleep { get; }

    /// <summary>False while this process must not claim anything.</summary>
    protected virtual bool MayClaim => true;

    /// <summary>How many more items may start now.</summary>
    protected virtual int Room => int.MaxValue;

    /// <summary>
    /// Makes room when there is none and something is due; null if that is impossible, so that due rows need not be looked up.
    /// </summary>
    protected virtual Action? MakeRoom => null;

    /// <summary>Runs before claiming.</summary>
    protected virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>When the next row may be claimed; null if none waits.</summary>
    protected abstract Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);

    /// <summary>Claims what is due, no more than there is room for.</summary>
    protected abstract Task<IReadOnlyList<TItem>> ClaimAsync(int room, CancellationToken cancellationToken);

    /// <summary>Does the work of one item. Its part up to the first <c>await</c> has run before the next claim.</summary>
    protected abstract Task RunAsync(TItem item, CancellationToken cancellationToken);

    /// <summary>What the log calls an item.</summary>
    protected abstract string NameOf(TItem item);

    /// <inheritdoc/>
    protected sealed override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!MayClaim)
            return AfterFailure;
        await PrepareAsync(cancellationToken);
        var room = Room;
        if (room <= 0 && MakeRoom is null)
            return LongestSleep;

        if (await NextDueAsync(cancellationToken) is not { } due)
            return LongestSleep;
        var wait = due - Time.GetUtcNow();
        if (wait > TimeSpan.Zero)
            return wait < LongestSleep ? wait : LongestSleep;

        if (room <= 0)
        {
            MakeRoom?.Invoke();
            return LongestSleep;
        }

        foreach (var item in await ClaimAsync(room, cancellationToken))
            _inFlight.Add(RunToEndAsync(item, cancellationToken));
        return TimeSpan.Zero;
    }

    /// <summary>Waits for what is in flight, so that its outcome is saved.</summary>
    protected sealed override Task FinishAsync() => _inFlight.WhenDoneAsync();

    private async Task RunToEndAsync(TItem item, CancellationToken stopping)
    {
        try
        {
            await RunAsync(item, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping is normal; the claim ends by itself and the work is done after the next start.
        }
        catch (Exception e) when (stopping.IsCancellationRequested && FailureLog.IsOutage(e))
        {
            // So is this: what is called off in the middle of a statement may fail in any way.
        }
#pragma warning disable CA1031 // One item's fault must not affect others; its claim ends by itself and it is retried.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (FailureLog.IsOutage(e))
                (_failures ??= new(GetType().Name, Time, Logger)).Report(e);
            else
                WorkLog.ItemFailed(Logger, e, GetType().Name, NameOf(item));
        }
        finally
        {
            Signal.Raise();
        }
    }
}
