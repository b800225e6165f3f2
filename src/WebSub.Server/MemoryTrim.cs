using WebSub.Hub.Storage;

namespace WebSub.Server;

/// <summary>
/// Gives memory back that large contents have taken. The runtime by itself lets garbage of that kind grow to several times what is in use,
/// and keeps the memory long after a flood is over. A server of its own may decide that; an app that embeds the hub decides for itself.
/// </summary>
internal sealed class MemoryTrim(EntryContents contents, TimeProvider time) : BackgroundService
{
    /// <summary>So much garbage is worth a collection.</summary>
    private const long Worthwhile = 8L * 1024 * 1024;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>After so many quiet looks the memory goes back to the system.</summary>
    private const int QuietLooks = 10;

    private long _collected;
    private volatile bool _owed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        contents.Passed = Collect;
        using var timer = new PeriodicTimer(Every, time);
        var (seen, quiet) = (0L, 0);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = contents.PassedBytes;
            quiet = now == seen && contents.OpenBytes == 0 ? quiet + 1 : 0;
            seen = now;
            if (!_owed || quiet < QuietLooks)
                continue;
            quiet = 0;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            NativeHeap.Trim();
            // A connection may hold what it was sending a while longer.
            _owed = GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes > Worthwhile;
        }
    }

    /// <summary>In the background: nothing waits for it.</summary>
    private void Collect(long passed)
    {
        var last = Volatile.Read(ref _collected);
        if (passed - last < Worthwhile || Interlocked.CompareExchange(ref _collected, passed, last) != last)
            return;
        _owed = true;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }
}
