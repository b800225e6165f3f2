using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WebSub.Subscriber.Scheduling;

/// <summary>
/// Claims what is due and runs it, up to a number at a time; sleeps until the next due time or a signal. Rows are the truth: a claim that
/// is not renewed lapses, and another process takes the work over.
/// </summary>
internal abstract class DueWorkService<TItem, TId>(WorkSignal signal, TimeProvider time, ILogger logger, int maxConcurrency)
    : BackgroundService
    where TId : notnull
{
    /// <summary>How long a claim lasts, unless it is renewed.</summary>
    protected static readonly TimeSpan ClaimLength = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);
    private readonly Dictionary<TId, Task> _running = [];
    private readonly HashSet<TId> _claimedAgain = [];
    private DateTimeOffset _nextKeep;

    protected TimeProvider Time => time;

    /// <summary>The longest sleep: when other processes may add work whose signal we do not hear.</summary>
    protected abstract TimeSpan LongestSleep { get; }

    /// <summary>Completes when work may begin.</summary>
    protected virtual Task ReadyAsync(CancellationToken stopping) => Task.CompletedTask;

    protected abstract Task<IReadOnlyList<TItem>> ClaimAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        CancellationToken stopping
    );

    protected abstract Task KeepClaimsAsync(IReadOnlyCollection<TId> ids, DateTimeOffset until, CancellationToken stopping);

    /// <summary>Gives a claim back, if there still is one; what is due is then claimed anew.</summary>
    protected abstract Task ReleaseAsync(TId id);

    protected abstract Task<DateTimeOffset?> NextDueAsync(CancellationToken stopping);

    protected abstract TId IdOf(TItem item);

    protected abstract Task RunAsync(TItem item, CancellationToken stopping);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ReadyAsync(stoppingToken);
            while (true)
                await StepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping is normal.
        }
        finally
        {
            await Task.WhenAll(Running());
        }
    }

    private async Task StepAsync(CancellationToken stopping)
    {
        try
        {
            var now = time.GetUtcNow();
            await KeepAsync(now, stopping);
            var sleepUntil = now + LongestSleep;
            var free = maxConcurrency - Running().Length;
            if (free > 0)
            {
                var claimed = await ClaimAsync(now, now + ClaimLength, free, stopping);
                foreach (var item in claimed)
                    Start(item, stopping);
                if (claimed.Count == free)
                    return;
                if (await NextDueAsync(stopping) is { } due && due < sleepUntil)
                    sleepUntil = due;
            }

            if (Running().Length > 0 && now + KeepInterval < sleepUntil)
                sleepUntil = now + KeepInterval;
            await signal.WaitAsync(sleepUntil, time, stopping);
        }
#pragma warning disable CA1031 // The database may come back; work that is stored must not wait for a restart.
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            SchedulingLog.Trouble(logger, GetType().Name, AfterTrouble.TotalSeconds, e);
            await Task.Delay(AfterTrouble, time, stopping);
        }
    }

    // By the clock and not by the sleeps: with a backlog there are none, and what runs long must not be taken for abandoned.
    private async Task KeepAsync(DateTimeOffset now, CancellationToken stopping)
    {
        if (now < _nextKeep && _nextKeep - now <= KeepInterval)
            return;
        if (RunningIds() is { Length: > 0 } ids)
            await KeepClaimsAsync(ids, now + ClaimLength, stopping);
        _nextKeep = now + KeepInterval;
    }

    private void Start(TItem item, CancellationToken stopping)
    {
        var id = IdOf(item);
        lock (_running)
        {
            // It is about to end here, or its claim lapsed while the database was away: what is still to be done is found when it has
            // ended.
            if (_running.ContainsKey(id))
            {
                _claimedAgain.Add(id);
                return;
            }

            // It removes itself under the same lock, so it cannot be gone before it is in.
            _running[id] = Task.Run(() => RunAndForgetAsync(id, item, stopping), CancellationToken.None);
        }
    }

    private async Task RunAndForgetAsync(TId id, TItem item, CancellationToken stopping)
    {
        try
        {
            await RunAsync(item, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping is normal; the claim lapses and the work is done after the next start.
        }
#pragma warning disable CA1031 // One item's trouble is not another's; its claim lapses and it is tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SchedulingLog.ItemTrouble(logger, GetType().Name, id.ToString(), e);
        }
        finally
        {
            bool isClaimed;
            lock (_running)
            {
                _running.Remove(id);
                isClaimed = _claimedAgain.Remove(id);
            }

            if (isClaimed)
                await TryReleaseAsync(id);
            signal.Set();
        }
    }

    private async Task TryReleaseAsync(TId id)
    {
        try
        {
            await ReleaseAsync(id);
        }
#pragma warning disable CA1031 // The claim lapses by itself.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SchedulingLog.ItemTrouble(logger, GetType().Name, id.ToString(), e);
        }
    }

    private Task[] Running()
    {
        lock (_running)
            return [.. _running.Values];
    }

    private TId[] RunningIds()
    {
        lock (_running)
            return [.. _running.Keys];
    }
}
