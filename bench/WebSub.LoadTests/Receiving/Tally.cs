using System.Collections.Concurrent;
using System.Diagnostics;

namespace WebSub.LoadTests.Receiving;

/// <summary>Counts what arrived, when the last expected delivery did, and everything that was wrong.</summary>
internal sealed class Tally
{
    private readonly int[] _last = new int[ReceiverProgram.MaxCallbacks];
    private TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _expected;
    private int _count;
    private long _completedAt;
    private int _wrong;
    private int _outOfOrder;
    private int _duplicates;
    private ConcurrentQueue<Arrival>? _arrivals;

    /// <summary>Good deliveries since the count began.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Starts a new count.</summary>
    public void Expect(int count)
    {
        (_count, _completedAt) = (0, 0);
        _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _expected, count);
    }

    /// <summary>Waits until the expected deliveries have arrived or time is up.</summary>
    public async Task<ReceivedReport> WaitAsync(TimeSpan atMost)
    {
        await _complete.Task.WaitAsync(atMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new(_count, _completedAt, _wrong, _outOfOrder, _duplicates);
    }

    /// <summary>From now on remembers each good delivery.</summary>
    public void Record() => Volatile.Write(ref _arrivals, new());

    /// <summary>What was remembered; no more is from now on.</summary>
    public IReadOnlyCollection<Arrival> Arrivals() => Interlocked.Exchange(ref _arrivals, null) ?? [];

    /// <summary>A delivery with a wrong body or signature.</summary>
    public void Wrong() => Interlocked.Increment(ref _wrong);

    /// <summary>A good delivery of an update to a callback; the updates of a callback must have rising numbers.</summary>
    public void Received(int callback, int update)
    {
        var last = Interlocked.Exchange(ref _last[callback], update);
        Volatile.Read(ref _arrivals)?.Enqueue(new(update, Stopwatch.GetTimestamp(), last == update));
        if (last == update)
            Interlocked.Increment(ref _duplicates);
        else if (last > update)
            Interlocked.Increment(ref _outOfOrder);
        else if (Interlocked.Increment(ref _count) == Volatile.Read(ref _expected))
            Complete();
    }

    private void Complete()
    {
        _completedAt = Stopwatch.GetTimestamp();
        _complete.TrySetResult();
    }
}
