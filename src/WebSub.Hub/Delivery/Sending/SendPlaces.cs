using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>
/// The places for attempts in flight: who has one, who waits, whose turn it is. An attempt older than 50 ms gives its place to those that
/// wait and is counted in the slow gate instead (rule 15), so callbacks that hang never use up the places of those that answer. Origins
/// take turns. Touched under the lock of its <see cref="SendGate"/> only; nothing in here sends or notifies.
/// </summary>
internal sealed class SendPlaces(DeliveryOptions options, TimeProvider time)
{
    private static readonly TimeSpan YoungFor = TimeSpan.FromMilliseconds(50);

    /// <summary>While we doubt ourselves, every origin with waiting attempts is tried once in so long (rule 19).</summary>
    private static readonly TimeSpan RoundOfDoubt = TimeSpan.FromSeconds(5);

    /// <summary>Tried at the same time in doubt.</summary>
    private const int TriedInDoubt = 16;

    /// <summary>Young attempts that an origin may have whose slow gate is full.</summary>
    private const int LeastShare = 4;

    private const int MaxRemembered = 50_000;

    private readonly Dictionary<string, OriginGate> _origins = new(StringComparer.Ordinal);
    private readonly Queue<OriginGate> _ready = new();
    private readonly LinkedList<OriginGate> _short = new();
    private bool _hasLeft;
    private readonly LinkedList<Attempt> _young = new();
    private readonly LinkedList<Attempt> _slow = new();
    private readonly HashSet<OriginGate> _full = [];
    private readonly ContentPlaces _contents = new(options.MaxBytesInFlight);
    private readonly SelfDoubt _doubt = new();
    private readonly Queue<OriginGate> _tried = new();
    private int _waiting;
    private int _round;
    private Timestamp _roundSince;

    /// <summary>The bytes of large contents that attempts in flight hold (rule 34).</summary>
    public long ContentBytes => _contents.Bytes;

    /// <summary>Attempts that wait for a place.</summary>
    public int Waiting => _waiting;

    /// <summary>Attempts in flight.</summary>
    public int InFlight => _young.Count + _slow.Count;

    /// <summary>True while time has something to change: something is in flight, or we doubt ourselves.</summary>
    public bool IsBusy => _young.Count + _slow.Count > 0 || _doubt.Doubts;

    /// <summary>The origins that have attempts here or whose circuit is open.</summary>
    public IReadOnlyList<OriginState> Origins() =>
        [
            .. _origins
                .Where(o => o.Value.Circuit.IsOpen || o.Value.Young + o.Value.Slow + o.Value.Waiting.Count > 0)
                .Select(o => new OriginState(
                    o.Key,
                    o.Value.Waiting.Count,
                    o.Value.Young + o.Value.Slow,
                    o.Value.Circuit.IsOpen,
                    o.Value.Circuit.UntilProbe
                )),
        ];

    /// <summary>Queues an attempt. Returns false if its origin is silent (rule 23).</summary>
    public bool Enqueue(Attempt attempt)
    {
        if (!_origins.TryGetValue(attempt.Target.Origin, out var origin))
            _origins[attempt.Target.Origin] = origin = new(time);
        if (!origin.Circuit.TryPass())
        {
            attempt.PutOff = origin.Circuit.UntilProbe;
            return false;
        }

        (attempt.Origin, attempt.IsProbe) = (origin, origin.Circuit.IsOpen);
        Wait(attempt, origin);
        MarkReady(origin);
        return true;
    }

    /// <summary>Gives the next attempt a place; null if none can have one now.</summary>
    public Attempt? TakeNext()
    {
        var places = _doubt.Doubts ? TriedInDoubt : options.MaxConcurrency;
        while (_young.Count < places && NextOrigin(out var wasShort) is { } origin)
        {
            origin.IsQueued = false;
            if (!origin.Waiting.TryPeek(out var attempt) || !HasRoom(attempt, origin, wasShort))
                continue;
            origin.Waiting.Dequeue();
            _waiting--;
            origin.Young++;
            origin.TriedIn = _round;
            attempt.StartedAt = Timestamp.Now(time);
            attempt.Cancellation = new CancellationTokenSource();
            attempt.Node = _young.AddLast(attempt);
            MarkReady(origin);
            return attempt;
        }

        return null;
    }

    /// <summary>Ends an attempt that was not made: its owner did not want it any more.</summary>
    public void Drop(Attempt attempt)
    {
        if (attempt.IsProbe)
            attempt.Origin!.Circuit.Abandon();
        Leave(attempt);
    }

    /// <summary>Ends an attempt and notes what its outcome says about its origin and about ourselves.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="stuck">Attempts that are refused their places because of it.</param>
    /// <returns>False if we doubt ourselves: then it counts for nothing and waits for its turn again (rule 19).</returns>
    public bool End(Attempt attempt, DeliveryOutcome outcome, ref List<Attempt>? stuck)
    {
        var (origin, now) = (attempt.Origin!, Timestamp.Now(time));
        var answered = outcome.Result is not (DeliveryResult.ConnectFailed or DeliveryResult.TimedOut or DeliveryResult.Broken);
        var doubted = _doubt.Doubts;
        _doubt.Count(
            attempt.Target.Origin,
            outcome.Result == DeliveryResult.ConnectFailed,
            answered && outcome.Result != DeliveryResult.AddressRefused,
            attempt.StartedAt,
            now
        );
        if (_doubt.Doubts != doubted)
            BeginRound(now);
        if (_doubt.Doubts && !attempt.IsStraggling && outcome.Result is DeliveryResult.ConnectFailed or DeliveryResult.TimedOut)
        {
            Leave(attempt, again: true);
            return false;
        }

        if (answered)
        {
            origin.Circuit.Answered(options.MaxPerOrigin);
            origin.AnsweredAt = now;
        }
        else if (origin.Circuit.Silent(attempt.StartedAt, attempt.IsProbe))
        {
            Refuse(origin, ref stuck);
        }

        Leave(attempt);
        return true;
    }

    /// <summary>Moves attempts that have grown old to the slow gate and finds out who is to be told what.</summary>
    /// <param name="stragglers">Attempts that have become stragglers.</param>
    /// <param name="overdue">What ends attempts that are over their time.</param>
    /// <param name="stuck">Attempts whose origin is stuck; they have left.</param>
    public void Sweep(ref List<Attempt>? stragglers, ref List<CancellationTokenSource>? overdue, ref List<Attempt>? stuck)
    {
        var now = Timestamp.Now(time);
        MakeSlow(now, ref overdue);
        FindOverdue(_young, now, ref stragglers, ref overdue);
        FindOverdue(_slow, now, ref stragglers, ref overdue);
        RefuseStuck(now, ref stuck);
        if (!_doubt.Doubts || time.GetElapsedTime(_roundSince, now) < RoundOfDoubt)
            return;
        if (_waiting + _young.Count + _slow.Count == 0)
            _doubt.End();
        BeginRound(now);
    }

    /// <summary>Whose turn it is: first those that had theirs and found no room for a content, then the others.</summary>
    private OriginGate? NextOrigin(out bool wasShort)
    {
        wasShort = _hasLeft && _short.Count > 0;
        if (wasShort)
        {
            var first = _short.First!.Value;
            _short.RemoveFirst();
            return first;
        }

        return _ready.TryDequeue(out var next) ? next : null;
    }

    /// <summary>
    /// Makes room for the content of an attempt. If there is none, its origin waits for it, and is not overtaken by others that need some.
    /// </summary>
    private bool HasRoom(Attempt attempt, OriginGate origin, bool wasShort)
    {
        if (!attempt.Entry.IsLarge)
            return true;
        var room = _contents.TryEnter(attempt.Entry, origin, mayBringIn: wasShort || _short.Count == 0);
        if (room != ContentRoom.Full)
            return room == ContentRoom.Entered;
        origin.IsQueued = true;
        _hasLeft = false;
        if (wasShort)
            _short.AddFirst(origin);
        else
            _short.AddLast(origin);
        return false;
    }

    private void Wait(Attempt attempt, OriginGate origin)
    {
        origin.Waiting.Enqueue(attempt);
        _waiting++;
    }

    private void MarkReady(OriginGate origin)
    {
        if (origin.IsQueued || origin.Waiting.Count == 0 || origin.Young >= ShareOf(origin))
            return;
        origin.IsQueued = true;
        (_doubt.Doubts && origin.TriedIn == _round ? _tried : _ready).Enqueue(origin);
    }

    /// <summary>How many young attempts an origin may have: as many as can still grow old, and always a few.</summary>
    private int ShareOf(OriginGate origin) =>
        Math.Min(Math.Min(options.MaxPerOrigin, origin.Circuit.Allowance), Math.Max(LeastShare, options.MaxSlowPerOrigin - origin.Slow));

    /// <summary>All may be tried again.</summary>
    private void BeginRound(Timestamp now)
    {
        _round++;
        _roundSince = now;
        while (_tried.TryDequeue(out var origin))
            _ready.Enqueue(origin);
    }

    private void Leave(Attempt attempt, bool again = false)
    {
        var origin = attempt.Origin!;
        (attempt.IsSlow ? _slow : _young).Remove(attempt.Node!);
        if (!attempt.IsSlow)
            origin.Young--;
        else if (origin.Slow-- == options.MaxSlowPerOrigin)
            _full.Remove(origin);
        if (attempt.Entry.IsLarge && _contents.Leave(attempt.Entry) is { } counted)
        {
            _hasLeft = true;
            if (counted != origin)
                MarkReady(counted);
        }

        if (again)
        {
            (attempt.IsSlow, attempt.IsTimedOut) = (false, false);
            Wait(attempt, origin);
        }

        if (
            origin.Young + origin.Slow + origin.Waiting.Count == 0
            && !origin.IsQueued
            && (origin.Circuit.IsForgettable || _origins.Count > MaxRemembered)
        )
            _origins.Remove(attempt.Target.Origin);
        else
            MarkReady(origin);
    }

    private void MakeSlow(Timestamp now, ref List<CancellationTokenSource>? overdue)
    {
        var crowded = 0;
        var node = _young.First;
        while (node is not null)
        {
            var (attempt, next) = (node.Value, node.Next);
            if (time.GetElapsedTime(attempt.StartedAt, now) < YoungFor)
                break;
            var origin = attempt.Origin!;
            if (_slow.Count >= options.MaxSlow)
            {
                crowded++;
            }
            else if (origin.Slow < options.MaxSlowPerOrigin)
            {
                attempt.IsSlow = true;
                origin.Young--;
                if (++origin.Slow == options.MaxSlowPerOrigin)
                    _full.Add(origin);
                _young.Remove(node);
                _slow.AddLast(node);
                MarkReady(origin);
            }

            node = next;
        }

        EndOldest(crowded, now, ref overdue);
    }

    /// <summary>
    /// When so many hang that none can grow old any more, those that have hung longest are over their time, stragglers as they are: else
    /// a subscriber with enough host names could take all places and keep all others out.
    /// </summary>
    private void EndOldest(int count, Timestamp now, ref List<CancellationTokenSource>? overdue)
    {
        for (var node = _slow.First; node is not null && count > 0; node = node.Next, count--)
        {
            var attempt = node.Value;
            if (time.GetElapsedTime(attempt.StartedAt, now) < options.Straggler)
                return;
            if (attempt.IsTimedOut)
                continue;
            attempt.IsTimedOut = true;
            (overdue ??= []).Add(attempt.Cancellation!);
        }
    }

    private void FindOverdue(
        LinkedList<Attempt> list,
        Timestamp now,
        ref List<Attempt>? stragglers,
        ref List<CancellationTokenSource>? overdue
    )
    {
        foreach (var attempt in list)
        {
            var age = time.GetElapsedTime(attempt.StartedAt, now);
            // Both lists are nearly in order of sending: the first young one ends the search.
            if (age < options.Straggler)
                return;
            // In doubt no member steps out.
            if (!attempt.IsStraggling && !_doubt.Doubts)
            {
                attempt.IsStraggling = true;
                (stragglers ??= []).Add(attempt);
            }

            if (age >= options.Timeout && !attempt.IsTimedOut)
            {
                attempt.IsTimedOut = true;
                (overdue ??= []).Add(attempt.Cancellation!);
            }
        }
    }

    /// <summary>
    /// Rule 16: an origin whose slow gate is full and that has answered nothing for a straggler's time makes its waiting attempts step
    /// back.
    /// </summary>
    private void RefuseStuck(Timestamp now, ref List<Attempt>? stuck)
    {
        foreach (var origin in _full)
        {
            if (
                origin.Waiting.Count == 0
                || origin.Young < ShareOf(origin)
                || time.GetElapsedTime(origin.AnsweredAt, now) < options.Straggler
            )
                continue;
            Refuse(origin, ref stuck);
        }
    }

    private void Refuse(OriginGate origin, ref List<Attempt>? stuck)
    {
        // It stays in the queue of ready origins, if it is there, with nothing to take.
        _waiting -= origin.Waiting.Count;
        foreach (var attempt in origin.Waiting)
        {
            if (attempt.IsProbe)
                origin.Circuit.Abandon();
            attempt.PutOff = origin.Circuit.UntilProbe;
            (stuck ??= []).Add(attempt);
        }

        origin.Waiting.Clear();
    }
}
