using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Access;

/// <summary>
/// The keys of the database that are valid, as they were at most a second ago: what one node disables stops working on the others by
/// itself. They are read only when somebody presents such a key, and all at once, so that a flood of unknown ones costs one read a second.
/// </summary>
internal sealed class StoredKeys(ApiKeyStore store, HubClock time) : IDisposable
{
    /// <summary>What each of them begins with; no other token is looked for here.</summary>
    public const string Mark = "websub_";

    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenUses = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _reading = new(1);
    private Snapshot? _snapshot;

    /// <summary>The key with this hash; null if there is none, or it is disabled.</summary>
    public async Task<ApiKeyRow?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var snapshot = Fresh() ?? await ReadAsync(cancellationToken);
        if (!snapshot.Keys.TryGetValue(Convert.ToHexString(hash), out var found))
            return null;
        await NoteUseAsync(found);
        return found.Row;
    }

    /// <summary>Something was changed here.</summary>
    public void Forget() => Volatile.Write(ref _snapshot, null);

    public void Dispose() => _reading.Dispose();

    private Snapshot? Fresh() => Volatile.Read(ref _snapshot) is { } known && time.GetElapsedTime(known.ReadAt) < LongestAge ? known : null;

    private async Task<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (Fresh() is { } read)
                return read;
            var before = Volatile.Read(ref _snapshot);
            // What changes while it is read may be missed, so its age counts from the beginning.
            var at = time.GetTimestamp();
            var rows = await store.AllAsync(cancellationToken);
            var keys = rows.Where(r => r.DisabledAt is null).ToDictionary(r => Convert.ToHexString(r.Hash), r => new Known(r));
            var next = new Snapshot(keys, at);
            // A key that was disabled here meanwhile is not brought back.
            Interlocked.CompareExchange(ref _snapshot, next, before);
            return next;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The note is for people: if it cannot be written now, the next use writes it.</summary>
    private async Task NoteUseAsync(Known known)
    {
        var now = DatabaseTime.Now(time);
        if (!known.TakesNote(now, BetweenUses))
            return;
        try
        {
            await store.UsedAsync(known.Row.Id, now, now - BetweenUses, CancellationToken.None);
        }
        catch (Exception e) when (e is DatabaseException || FailureLog.IsOutage(e))
        {
            // Whatever the caller wants of the database will say so.
        }
    }

    private sealed record Snapshot(IReadOnlyDictionary<string, Known> Keys, long ReadAt);

    private sealed class Known(ApiKeyRow row)
    {
        private long _notedAt = row.LastUsedAt?.Microseconds ?? 0;

        public ApiKeyRow Row => row;

        /// <summary>True for the one caller that is to note this use.</summary>
        public bool TakesNote(DatabaseTime now, TimeSpan between)
        {
            var noted = Volatile.Read(ref _notedAt);
            return now - new DatabaseTime(noted) >= between && Interlocked.CompareExchange(ref _notedAt, now.Microseconds, noted) == noted;
        }
    }
}
