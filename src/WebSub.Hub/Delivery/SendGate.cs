using Microsoft.Extensions.Options;

namespace WebSub.Hub.Delivery;

/// <summary>
/// Limits what is in flight, for the process and for each origin. An attempt older than 50 ms gives its place to those that wait and is counted in
/// the slow gate instead (rule 15), so callbacks that hang never use up the places of those that answer. Origins take turns. Waiting here is
/// not a failure: the straggler clock starts when the request is sent (rule 14).
/// </summary>
internal sealed class SendGate : IDisposable
{
    private static readonly TimeSpan YoungFor = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DoubtFor = TimeSpan.FromSeconds(5);
    private const int MaxRemembered = 50_000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, OriginGate> _origins = new(StringComparer.Ordinal);
    private readonly Queue<OriginGate> _ready = new();
    private readonly LinkedList<Attempt> _young = new();
    private readonly LinkedList<Attempt> _slow = new();
    private readonly DeliveryOptions _options;
    private readonly DeliverySender _sender;
    private readonly HubClock _time;
    private readonly ITimer _timer;
    private int _waiting;
    private readonly SelfDoubt _doubt = new();
    private bool _sweeping;
    private long? _doubtsSince;

    public SendGate(IOptions<HubOptions> options, DeliverySender sender, HubClock time)
    {
        (_options, _sender, _time) = (options.Value.Delivery, sender, time);
        _timer = time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many attempts wait for a place or are in flight.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _waiting + _young.Count + _slow.Count;
        }
    }

    /// <summary>Queues an attempt; it is sent as soon as there is a place.</summary>
    public void Enqueue(Attempt attempt)
    {
        bool passes;
        lock (_lock)
        {
            if (!_origins.TryGetValue(attempt.Target.Origin, out var origin))
            {
                _origins[attempt.Target.Origin] = origin = new(_time) { LastProgress = _time.GetTimestamp() };
            }

            passes = origin.Circuit.TryPass();
            if (passes)
            {
                attempt.Origin = origin;
                origin.Waiting.Enqueue(attempt);
                _waiting++;
                MarkReady_NeedsLock(origin);
            }
        }

        if (passes) Pump();
        else attempt.Owner.OnNoPlace(attempt);
    }

    public void Dispose() => _timer.Dispose();

    private void Pump()
    {
        while (true)
        {
            Attempt? next;
            lock (_lock) next = TakeNext_NeedsLock();
            if (next is null) return;
            _ = RunAsync(next);
        }
    }

    private Attempt? TakeNext_NeedsLock()
    {
        if (_doubtsSince is not null || _young.Count >= _options.MaxConcurrency || !_ready.TryDequeue(out var origin)) return null;

        origin.IsQueued = false;
        if (!origin.Waiting.TryDequeue(out var attempt)) return TakeNext_NeedsLock();
        _waiting--;
        origin.Young++;
        attempt.StartedAt = _time.GetTimestamp();
        attempt.Cancellation = new CancellationTokenSource();
        attempt.Node = _young.AddLast(attempt);
        MarkReady_NeedsLock(origin);
        StartSweeping_NeedsLock();
        return attempt;
    }

    private void StartSweeping_NeedsLock()
    {
        if (_sweeping) return;
        _sweeping = true;
        _timer.Change(SweepEvery, Timeout.InfiniteTimeSpan);
    }

    private void MarkReady_NeedsLock(OriginGate origin)
    {
        if (origin.IsQueued || origin.Waiting.Count == 0 || origin.Young >= Math.Min(_options.MaxPerOrigin, origin.Circuit.Allowance)) return;
        origin.IsQueued = true;
        _ready.Enqueue(origin);
    }

    private async Task RunAsync(Attempt attempt)
    {
        if (!attempt.Owner.MayStart(attempt))
        {
            // The pump that called us goes on with the next one.
            lock (_lock)
            {
                attempt.Origin!.Circuit.Abandon();
                Leave_NeedsLock(attempt);
            }

            attempt.Cancellation!.Dispose();
            return;
        }

        var sending = _sender.SendAsync(attempt.Target, attempt.Entry, attempt.Owner.TraceContext, attempt.Cancellation!.Token);
        // An answer without any waiting must not grow the stack: its owner queues the next attempt from here.
        if (sending.IsCompleted) await Task.Yield();
        var outcome = await sending;

        bool counts;
        List<Attempt>? stuck = null;
        lock (_lock)
        {
            counts = Judge_NeedsLock(attempt, outcome, ref stuck);
            Leave_NeedsLock(attempt);
        }

        attempt.Cancellation.Dispose();
        if (counts) attempt.Owner.OnCompleted(attempt, outcome);
        else Enqueue(attempt.Again());
        foreach (var waiting in stuck ?? []) waiting.Owner.OnNoPlace(waiting);
        Pump();
    }

    /// <summary>What an outcome says about its origin and about ourselves. False if we doubt ourselves: then it does not count (rule 19).</summary>
    private bool Judge_NeedsLock(Attempt attempt, DeliveryOutcome outcome, ref List<Attempt>? stuck)
    {
        var couldNotConnect = outcome.Result == DeliveryResult.ConnectFailed;
        if (_doubt.Count(attempt.Target.Origin, couldNotConnect))
        {
            _doubtsSince = _time.GetTimestamp();
            StartSweeping_NeedsLock();
        }

        if (couldNotConnect && _doubtsSince is not null && !attempt.IsStraggling) return false;

        var origin = attempt.Origin!;
        if (outcome.Result is not (DeliveryResult.ConnectFailed or DeliveryResult.TimedOut or DeliveryResult.Broken)) origin.Circuit.Answered(_options.MaxPerOrigin);
        else if (origin.Circuit.Silent(attempt.StartedAt)) TakeWaiting_NeedsLock(origin, ref stuck);
        return true;
    }

    private void TakeWaiting_NeedsLock(OriginGate origin, ref List<Attempt>? stuck)
    {
        // It stays in the queue of ready origins, if it is there, with nothing to take.
        _waiting -= origin.Waiting.Count;
        (stuck ??= []).AddRange(origin.Waiting);
        origin.Waiting.Clear();
    }

    private void Leave_NeedsLock(Attempt attempt)
    {
        var origin = attempt.Origin!;
        (attempt.IsSlow ? _slow : _young).Remove(attempt.Node!);
        if (attempt.IsSlow) origin.Slow--;
        else origin.Young--;
        if (!attempt.IsTimedOut) origin.LastProgress = _time.GetTimestamp();
        if (origin.Young + origin.Slow + origin.Waiting.Count == 0 && !origin.IsQueued && (origin.Circuit.IsForgettable || _origins.Count > MaxRemembered)) _origins.Remove(attempt.Target.Origin);
        else MarkReady_NeedsLock(origin);
    }

    /// <summary>Moves attempts that have grown old to the slow gate, tells of stragglers, ends what is over its time.</summary>
    private void Sweep()
    {
        List<Attempt>? stragglers = null;
        List<Attempt>? overdue = null;
        List<Attempt>? stuck = null;
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            MakeSlow_NeedsLock(now);
            FindOverdue_NeedsLock(_young, now, ref stragglers, ref overdue);
            FindOverdue_NeedsLock(_slow, now, ref stragglers, ref overdue);
            TakeStuck_NeedsLock(now, ref stuck);
            if (_doubtsSince is { } since && _time.GetElapsedTime(since, now) >= DoubtFor) _doubtsSince = null;
            _sweeping = _young.Count + _slow.Count > 0 || _doubtsSince is not null;
            if (_sweeping) _timer.Change(SweepEvery, Timeout.InfiniteTimeSpan);
        }

        foreach (var attempt in stragglers ?? []) attempt.Owner.OnStraggling(attempt);
        foreach (var attempt in stuck ?? []) attempt.Owner.OnNoPlace(attempt);
        foreach (var attempt in overdue ?? []) Cancel(attempt);
        Pump();
    }

    private void MakeSlow_NeedsLock(long now)
    {
        for (var node = _young.First; node is not null && _slow.Count < _options.MaxSlow;)
        {
            var (attempt, next) = (node.Value, node.Next);
            if (_time.GetElapsedTime(attempt.StartedAt, now) < YoungFor) return;
            var origin = attempt.Origin!;
            if (origin.Slow < _options.MaxSlowPerOrigin)
            {
                attempt.IsSlow = true;
                origin.Young--;
                origin.Slow++;
                _young.Remove(node);
                _slow.AddLast(node);
                MarkReady_NeedsLock(origin);
            }

            node = next;
        }
    }

    private void FindOverdue_NeedsLock(LinkedList<Attempt> list, long now, ref List<Attempt>? stragglers, ref List<Attempt>? overdue)
    {
        foreach (var attempt in list)
        {
            var age = _time.GetElapsedTime(attempt.StartedAt, now);
            // Both lists are nearly in order of sending: the first young one ends the search.
            if (age < _options.Straggler) return;
            if (!attempt.IsStraggling)
            {
                attempt.IsStraggling = true;
                (stragglers ??= []).Add(attempt);
            }

            if (age >= _options.Timeout && !attempt.IsTimedOut)
            {
                attempt.IsTimedOut = true;
                (overdue ??= []).Add(attempt);
            }
        }
    }

    /// <summary>Rule 16: an origin whose slow gate is full and that has answered nothing for a straggler's time makes its waiting attempts step back.</summary>
    private void TakeStuck_NeedsLock(long now, ref List<Attempt>? stuck)
    {
        if (_waiting == 0 || _slow.Count < Math.Min(_options.MaxSlow, _options.MaxSlowPerOrigin)) return;
        foreach (var origin in _origins.Values)
        {
            if (origin.Waiting.Count == 0 || origin.Young < _options.MaxPerOrigin || origin.Slow < _options.MaxSlowPerOrigin || _time.GetElapsedTime(origin.LastProgress, now) < _options.Straggler) continue;
            TakeWaiting_NeedsLock(origin, ref stuck);
        }
    }

    private static void Cancel(Attempt attempt)
    {
        try
        {
            attempt.Cancellation!.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was answered in this very moment.
        }
    }
}
