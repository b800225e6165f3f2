using System.Collections.Concurrent;
using System.Diagnostics;

namespace WebSub.LoadTests.Faults;

/// <summary>What was acknowledged and what arrived: who has which update how often, and since when topics move again.</summary>
internal sealed class Ledger(IReadOnlyList<string> topics, int subscribersPerTopic)
{
    private readonly ConcurrentDictionary<int, int> _acknowledged = new();
    private readonly ConcurrentDictionary<(int Callback, int Update), int> _received = new();
    private readonly long[] _movedAt = new long[topics.Count];
    private int _topicsLeft;
    private long _struckAt;
    private int _firstAfter;

    public IReadOnlyList<string> Topics => topics;

    public int SubscribersPerTopic => subscribersPerTopic;

    /// <summary>Updates that the hub answered with 2xx.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>Deliveries that are owed for them.</summary>
    public int Owed => Acknowledged * subscribersPerTopic;

    /// <summary>Deliveries of an acknowledged update to a subscriber that had it.</summary>
    public int Repeats => _received.Where(r => _acknowledged.ContainsKey(r.Key.Update)).Sum(r => r.Value - 1);

    /// <summary>Deliveries of acknowledged updates that have not been made.</summary>
    public int Missing =>
        _acknowledged.Sum(a =>
            Enumerable.Range(a.Value * subscribersPerTopic, subscribersPerTopic).Count(c => !_received.ContainsKey((c, a.Key)))
        );

    /// <summary>Starts a new count.</summary>
    public void Clear()
    {
        _acknowledged.Clear();
        _received.Clear();
    }

    /// <summary>The hub has answered 2xx.</summary>
    public void Acknowledge(int update, int topic) => _acknowledged[update] = topic;

    /// <summary>From now on each topic is looked at: how long until an update arrives that was published after this moment?</summary>
    public void Watch(int nextUpdate)
    {
        Array.Clear(_movedAt);
        Volatile.Write(ref _firstAfter, nextUpdate);
        Volatile.Write(ref _topicsLeft, topics.Count);
        Volatile.Write(ref _struckAt, Stopwatch.GetTimestamp());
    }

    /// <summary>How long it took until each topic had moved again; null if one has not.</summary>
    public TimeSpan? ResumedAfter =>
        Volatile.Read(ref _topicsLeft) > 0 ? null : Stopwatch.GetElapsedTime(Volatile.Read(ref _struckAt), _movedAt.Max());

    /// <summary>A delivery has arrived.</summary>
    public void Receive(int callback, int update)
    {
        _received.AddOrUpdate((callback, update), 1, (_, n) => n + 1);
        var topic = callback / subscribersPerTopic;
        if (update >= Volatile.Read(ref _firstAfter) && Interlocked.CompareExchange(ref _movedAt[topic], Stopwatch.GetTimestamp(), 0) == 0)
            Interlocked.Decrement(ref _topicsLeft);
    }
}
