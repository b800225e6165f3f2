using Microsoft.Extensions.Logging;
using WebSub.Work;

namespace WebSub.Subscriber.Hosting;

/// <summary>
/// A claim loop for work of unknown length: claims are renewed while their items run, up to a limit at a time. A claim that is not renewed
/// lapses, and another process takes over the work.
/// </summary>
internal abstract class KeptClaimLoop<TItem, TId>(WorkSignal signal, TimeProvider time, ILogger logger, int maxConcurrency)
    : ClaimLoop<TItem>(signal, time, logger)
    where TId : notnull
{
    /// <summary>How long a claim lasts unless it is renewed.</summary>
    protected static readonly TimeSpan ClaimLength = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(20);
    private readonly Lock _lock = new();

    // What runs: the item that it began with, and the one that it is at.
    private readonly Dictionary<TId, TId> _running = [];
    private readonly HashSet<TId> _claimedAgain = [];
    private DateTimeOffset _nextKeep;

    /// <summary>The longest sleep while nothing runs.</summary>
    protected abstract TimeSpan LongestIdle { get; }

    /// <inheritdoc/>
    protected sealed override TimeSpan LongestSleep => Room < maxConcurrency && KeepInterval < LongestIdle ? KeepInterval : LongestIdle;

    /// <inheritdoc/>
    protected sealed override int Room
    {
        get
        {
            lock (_lock)
                return maxConcurrency - _running.Count;
        }
    }

    protected abstract Task<IReadOnlyList<TItem>> ClaimAsync(
        DateTimeOffset now,
        DateTimeOffset until,
        int limit,
        CancellationToken stopping
    );

    protected abstract Task KeepClaimsAsync(IReadOnlyCollection<TId> ids, DateTimeOffset until, CancellationToken stopping);

    /// <summary>Gives a claim back, if there still is one; what is due is then claimed again.</summary>
    protected abstract Task ReleaseAsync(TId id);

    protected abstract TId IdOf(TItem item);

    /// <summary>Does the work of one item.</summary>
    protected abstract Task HandleAsync(TItem item, CancellationToken stopping);

    /// <summary>
    /// The work that began with an item has gone on to another one, whose claim is renewed from now on.
    /// </summary>
    protected void GoOn(TId began, TId now)
    {
        lock (_lock)
            _running[began] = now;
    }

    /// <inheritdoc/>
    protected sealed override string NameOf(TItem item) => IdOf(item).ToString() ?? "";

    // By the clock and not by the sleeps: with a backlog there are none, and what runs long must not look abandoned.
    protected sealed override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        if (now < _nextKeep && _nextKeep - now <= KeepInterval)
            return;
        if (RunningIds() is { Length: > 0 } ids)
            await KeepClaimsAsync(ids, now + ClaimLength, cancellationToken);
        _nextKeep = now + KeepInterval;
    }

    /// <inheritdoc/>
    protected sealed override Task<IReadOnlyList<TItem>> ClaimAsync(int room, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        return ClaimAsync(now, now + ClaimLength, room, cancellationToken);
    }

    /// <inheritdoc/>
    protected sealed override Task RunAsync(TItem item, CancellationToken cancellationToken)
    {
        var id = IdOf(item);
        lock (_lock)
        {
            // It is about to end here, or its claim lapsed while the database was away: what is still to be done is found when it has
            // ended.
            if (_running.ContainsValue(id) || !_running.TryAdd(id, id))
            {
                _claimedAgain.Add(id);
                return Task.CompletedTask;
            }
        }

        return Task.Run(() => RunOneAsync(id, item, cancellationToken), CancellationToken.None);
    }

    private async Task RunOneAsync(TId id, TItem item, CancellationToken stopping)
    {
        try
        {
            await HandleAsync(item, stopping);
        }
        finally
        {
            TId[] again;
            lock (_lock)
            {
                _running.Remove(id, out var last);
                again = [.. new[] { id, last! }.Where(_claimedAgain.Remove)];
            }

            foreach (var claimed in again)
                await ReleaseAsync(claimed);
        }
    }

    private TId[] RunningIds()
    {
        lock (_lock)
            return [.. _running.Values];
    }
}
