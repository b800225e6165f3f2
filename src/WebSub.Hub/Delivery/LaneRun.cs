using System.Diagnostics;
using WebSub.Hub.Events;
using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Hub.Delivery;

/// <summary>
/// A lane while it is being delivered. Every subscription goes on to its next entry as soon as its own last one is answered; only the cursor waits
/// for all of them (rule 13). Nobody runs more than <see cref="MaxAhead"/> entries ahead of the saved cursor (rule 17). Who fails or
/// straggles steps out, with the next save, and goes on by itself.
/// </summary>
internal sealed class LaneRun : IAttemptOwner
{
    public const int MaxAhead = 16;

    private readonly Lock _lock = new();
    private readonly LaneRow _lane;
    private readonly TopicHeaders _headers;
    private readonly LaneRunServices _services;
    private readonly Dictionary<long, LaneMember> _members = [];
    private readonly Dictionary<long, LogEntry> _entries = [];
    private readonly HashSet<long> _loading = [];
    private readonly List<DeadLetter> _deadLetters = [];
    private readonly List<long> _gone = [];
    private List<(LaneMember? Member, LaneDeparture Departure)> _departures = [];
    private List<(LaneMember? Member, LaneDeparture Departure)> _beingSaved = [];
    private long _savedCursor;
    private long _head;
    private long _membersVersion;
    private int _sending;
    private bool _saving;
    private bool _ended;
    private bool _needsMembers;
    private long _patterns;
    private long? _blockedSince;
    private readonly long _startedAt;
    private long _claimedAt;

    public LaneRun(LaneRow lane, TopicHeaders headers, LaneRunServices services)
    {
        (_lane, _headers, _services) = (lane, headers, services);
        (_savedCursor, _startedAt, _head, _membersVersion) = (lane.Cursor, lane.Cursor, lane.Head, lane.MembersVersion);
        IsFiltered = lane.Filtered == 1;
    }

    public long LaneId => _lane.Id;

    /// <summary>The activity of the run; null if nobody listens.</summary>
    public Activity? Trace { get; set; }

    /// <inheritdoc/>
    public ActivityContext TraceContext => Trace?.Context ?? default;

    public long TopicId => _lane.TopicId;

    /// <summary>True for a topic of predicates.</summary>
    public bool IsFiltered { get; }

    /// <summary>The newest sequence it knows of.</summary>
    public long Head
    {
        get
        {
            lock (_lock) return _head;
        }
    }

    /// <summary>The epoch of the claim it runs under.</summary>
    public long Epoch => _lane.Epoch;

    /// <summary>
    /// True if somebody joined the lane or its rows changed behind the run's back (rule 10): until it has read its members again, the cursor stays, since it might pass
    /// somebody it does not know.
    /// </summary>
    public bool NeedsMembers
    {
        get
        {
            lock (_lock) return _needsMembers && !_ended;
        }
    }

    /// <summary>The version of the rows it has read.</summary>
    public long MembersVersion
    {
        get
        {
            lock (_lock) return _membersVersion;
        }
    }

    /// <summary>Takes in the members and entries that were read, and starts, or goes on, sending.</summary>
    /// <param name="rows">The members.</param>
    /// <param name="entries">Entries after the cursor.</param>
    /// <param name="read">The lane, read before its members: their version, and how many patterns they had added.</param>
    /// <param name="secrets">Opens their secrets.</param>
    public void Load(IEnumerable<SubscriptionRow> rows, IEnumerable<LogEntry> entries, LaneRow read, SecretOpener secrets)
    {
        List<Attempt> attempts = [];
        bool quiet;
        lock (_lock)
        {
            (_membersVersion, _patterns) = (read.MembersVersion, read.Patterns);
            _needsMembers = false;
            foreach (var entry in entries) _entries[entry.Sequence] = entry;
            var seen = new HashSet<long>();
            foreach (var row in rows)
            {
                seen.Add(row.Id);
                if (Target_NeedsLock(row, secrets) is not { } target) continue;
                if (!_members.TryGetValue(row.Id, out var member) || member.State == LaneMemberState.Out) _members[row.Id] = new(target, _savedCursor);
                else member.Target = target;
            }

            foreach (var (id, member) in _members)
            {
                if (!seen.Contains(id) && member.State is (LaneMemberState.Idle or LaneMemberState.Sending or LaneMemberState.Straggling)) Remove_NeedsLock(member);
            }

            AdvanceAll_NeedsLock(attempts);
            quiet = IsQuiet_NeedsLock;
        }

        Enqueue(attempts);
        if (quiet) _services.Quiet(this);
    }

    /// <summary>Where to deliver to. A row that cannot be read, whatever the reason, steps out with the next save; it must not cost its neighbours an update.</summary>
    private DeliveryTarget? Target_NeedsLock(SubscriptionRow row, SecretOpener secrets)
    {
        try
        {
            return DeliveryTarget.For(row, _headers, secrets, _services.Options.Delivery.Signature);
        }
        catch (Exception e) when (e is InvalidOperationException or System.Security.Cryptography.CryptographicException or ArgumentException)
        {
            _services.RowNotUsable(e, row.Callback);
            if (_members.GetValueOrDefault(row.Id) is { } member && member.State is not (LaneMemberState.Idle or LaneMemberState.Sending or LaneMemberState.Straggling)) return null;
            var position = _members.TryGetValue(row.Id, out var known) ? known.Position : _savedCursor;
            if (known is not null) Remove_NeedsLock(known);
            _departures.Add((known, new(row.Id, position, 0, _services.After(LaneRunServices.UnusablePause), InFlight: false, null, $"Its row cannot be used: {e.Message}")));
            return null;
        }
    }

    /// <summary>The claim lasts from this time stamp on: it was just made or renewed.</summary>
    public void Claimed(long timestamp)
    {
        lock (_lock) _claimedAt = timestamp;
    }

    /// <summary>Another node has the lane: nothing more is sent or saved.</summary>
    public void End()
    {
        lock (_lock) _ended = true;
    }

    /// <summary>Tells of newer entries.</summary>
    public void HeadMoved(long head)
    {
        List<Attempt> attempts = [];
        bool quiet;
        lock (_lock)
        {
            if (head <= _head) return;
            _head = head;
            AdvanceAll_NeedsLock(attempts);
            quiet = IsQuiet_NeedsLock;
        }

        Enqueue(attempts);
        if (quiet) _services.Quiet(this);
    }

    /// <summary>What there is to save now; null if nothing has changed since the last save and the run goes on.</summary>
    public LaneSave? BeginSave()
    {
        List<Attempt> attempts = [];
        LaneSave? save = null;
        lock (_lock)
        {
            if (_saving || _ended) return null;
            LetGoOfThoseWhoBlock_NeedsLock();
            var cursor = _needsMembers ? _savedCursor : Cursor_NeedsLock();
            var yields = cursor >= _startedAt + MaxAhead && _services.OthersWait;
            var release = !_needsMembers && IsQuiet_NeedsLock && (cursor >= _head || yields);
            if (cursor > _savedCursor || release || _departures.Count + _deadLetters.Count + _gone.Count > 0) save = Snapshot_NeedsLock(cursor, release);
            else AdvanceAll_NeedsLock(attempts);
        }

        Enqueue(attempts);
        return save;
    }

    /// <summary>Goes on after a save. Returns false if the run is over: it was released, or another node has the lane.</summary>
    public bool EndSave(LaneSave save, LaneSaved saved)
    {
        List<Attempt> attempts = [];
        List<(Attempt Attempt, DeliveryOutcome Outcome)> late = [];
        lock (_lock)
        {
            _saving = false;
            if (save.Cursor > _savedCursor) _blockedSince = null;
            _savedCursor = save.Cursor;
            if (saved.Joined || saved.MembersVersion != _membersVersion) NeedMembers_NeedsLock();
            foreach (var (member, _) in _beingSaved)
            {
                if (member is null) continue;
                member.State = LaneMemberState.Out;
                if (member.Late is { } outcome && !saved.Fenced) late.Add((member.Attempt!, outcome));
            }

            _beingSaved.Clear();
            _ended = saved.Fenced || save.Release;
            if (!_ended)
            {
                foreach (var sequence in _entries.Keys.Where(s => s <= save.Cursor)) _entries.Remove(sequence);
                AdvanceAll_NeedsLock(attempts);
            }
        }

        foreach (var (attempt, outcome) in late) _services.SettleLate(attempt, outcome);
        Enqueue(attempts);
        return !_ended;
    }

    /// <summary>A save that did not happen: the same is saved with the next one.</summary>
    public void AbandonSave(LaneSave save)
    {
        List<(Attempt Attempt, DeliveryOutcome Outcome)> late = [];
        lock (_lock)
        {
            _saving = false;
            _deadLetters.AddRange(save.DeadLetters);
            _gone.AddRange(save.Gone);
            _departures.AddRange(_beingSaved);
            foreach (var (member, departure) in _beingSaved)
            {
                if (member is null || !departure.InFlight) continue;
                member.State = LaneMemberState.Straggling;
                if (member.Late is { } outcome) late.Add((member.Attempt!, outcome));
                member.Late = null;
            }

            _beingSaved.Clear();
        }

        foreach (var (attempt, outcome) in late) OnCompleted(attempt, outcome);
    }

    /// <summary>The rows have a newer version than the run has read.</summary>
    public void MembersChanged()
    {
        lock (_lock) NeedMembers_NeedsLock();
    }

    /// <inheritdoc/>
    public bool MayStart(Attempt attempt)
    {
        bool quiet;
        lock (_lock)
        {
            if (_ended || Current_NeedsLock(attempt) is not { State: LaneMemberState.Sending } member) return false;
            var alive = attempt.Target.Row.LeaseEnd > _services.Now();
            if (alive && _services.ClaimCovers(_claimedAt)) return true;
            if (alive)
            {
                // Rule 26: too little is left of the claim. The next save goes on with it, if the lane is still ours.
                _sending--;
                member.State = LaneMemberState.Idle;
            }
            else
            {
                Remove_NeedsLock(member);
            }

            quiet = IsQuiet_NeedsLock;
        }

        if (quiet) _services.Quiet(this);
        return false;
    }

    /// <inheritdoc/>
    public void OnStraggling(Attempt attempt)
    {
        bool quiet;
        lock (_lock)
        {
            if (Current_NeedsLock(attempt) is not { State: LaneMemberState.Sending } member) return;
            member.State = LaneMemberState.Straggling;
            _sending--;
            _departures.Add((member, new(attempt.Target.Row.Id, member.Position, 0, _services.InFlightUntil(), InFlight: true, null, "No answer yet.")));
            quiet = IsQuiet_NeedsLock;
        }

        if (quiet) _services.Quiet(this);
    }

    /// <inheritdoc/>
    public void OnNoPlace(Attempt attempt)
    {
        bool quiet;
        lock (_lock)
        {
            if (Current_NeedsLock(attempt) is not { State: LaneMemberState.Sending } member) return;
            Leave_NeedsLock(member, new(attempt.Target.Row.Id, member.Position, 0, _services.After(LaneRunServices.Pause), InFlight: false, null, "Its origin is stuck; not tried yet."));
            quiet = IsQuiet_NeedsLock;
        }

        if (quiet) _services.Quiet(this);
    }

    /// <inheritdoc/>
    public void OnCompleted(Attempt attempt, DeliveryOutcome outcome)
    {
        Attempt? next = null;
        bool quiet;
        var settle = false;
        lock (_lock)
        {
            var member = Current_NeedsLock(attempt);
            switch (member?.State)
            {
                case LaneMemberState.Sending:
                    next = Decide_NeedsLock(member, attempt, outcome);
                    break;

                case LaneMemberState.Straggling:
                    // Its departure is not saved: it is as if it had not straggled.
                    _departures.RemoveAll(d => ReferenceEquals(d.Member, member));
                    member.State = LaneMemberState.Sending;
                    _sending++;
                    next = Decide_NeedsLock(member, attempt, outcome);
                    break;

                case LaneMemberState.Leaving:
                    member.Late = outcome;
                    break;

                case LaneMemberState.Out:
                    settle = true;
                    break;
            }

            quiet = IsQuiet_NeedsLock;
        }

        if (settle) _services.SettleLate(attempt, outcome);
        if (next is not null) _services.Gate.Enqueue(next);
        else if (quiet) _services.Quiet(this);
    }

    private bool IsQuiet_NeedsLock => _sending == 0 && _loading.Count == 0 && !_saving;

    private void NeedMembers_NeedsLock()
    {
        if (!_needsMembers) _services.Outdated.Enqueue(this);
        _needsMembers = true;
    }

    private LaneMember? Current_NeedsLock(Attempt attempt) =>
        _members.TryGetValue(attempt.Target.Row.Id, out var member) && ReferenceEquals(member.Attempt, attempt) ? member : null;

    private LaneSave Snapshot_NeedsLock(long cursor, bool release)
    {
        _saving = true;
        (_beingSaved, _departures) = (_departures, _beingSaved);
        foreach (var (member, departure) in _beingSaved)
        {
            if (member is not null && departure.InFlight) member.State = LaneMemberState.Leaving;
        }

        var save = new LaneSave
        {
            LaneId = _lane.Id,
            Epoch = _lane.Epoch,
            Cursor = cursor,
            Release = release,
            Departures = [.. _beingSaved.Select(d => d.Departure)],
            DeadLetters = [.. _deadLetters],
            Gone = [.. _gone],
        };
        _deadLetters.Clear();
        _gone.Clear();
        return save;
    }

    private Attempt? Decide_NeedsLock(LaneMember member, Attempt attempt, DeliveryOutcome outcome)
    {
        // Rule 11: an answer to what the subscription is no longer does not count.
        if (member.Target.Row.Version != attempt.Target.Row.Version) return Advance_NeedsLock(member);

        var row = member.Target.Row;
        switch (DeliveryTransitions.Decide(outcome, new(0, 0, NewerWaits: _head > attempt.Entry.Sequence), _services.Options.Delivery.RetrySeconds, LaneRunServices.Random()))
        {
            case DeliveryDecision.Advance:
                member.Position = attempt.Entry.Sequence;
                return Advance_NeedsLock(member);

            case DeliveryDecision.Retry retry:
                Leave_NeedsLock(member, new(row.Id, member.Position, retry.Attempts, _services.After(retry.After), InFlight: false, outcome.Status, outcome.Error)
                {
                    Answered = outcome.IsAboutContent ? 1 : 0,
                    NotBefore = outcome.RetryAfter is null ? null : _services.After(retry.After),
                });
                return null;

            case DeliveryDecision.GiveUp giveUp:
                _deadLetters.Add(new(row.TopicId, row.Id, row.Callback, attempt.Entry.Sequence, giveUp.Attempts, outcome.Status, outcome.Error));
                _services.Events.Tell(WebSubHubChangeKind.UpdateGivenUp, row.TopicId, row.Callback, outcome.Error);
                member.Position = attempt.Entry.Sequence;
                // What the save writes to the row (rule 24), this run has to know by itself.
                member.Target = member.Target.FullUntil(attempt.Entry.Sequence + 1);
                return Advance_NeedsLock(member);

            default:
                _gone.Add(row.Id);
                _services.Events.Tell(WebSubHubChangeKind.Gone, row.TopicId, row.Callback, outcome.Error);
                Remove_NeedsLock(member);
                member.State = LaneMemberState.Departed;
                return null;
        }
    }

    /// <summary>The member's next attempt; null if it has to wait. Counts it as sending or not.</summary>
    private Attempt? Advance_NeedsLock(LaneMember member)
    {
        if (member.State == LaneMemberState.Sending) _sending--;
        member.State = LaneMemberState.Idle;
        // Who wants the newest only repeats at most that one, however far ahead it is.
        var newest = member.Target.Row.WantsLatest ? _head : Math.Min(_head, _savedCursor + MaxAhead);
        if (_ended || member.Position >= newest) return null;
        var now = _services.Now();
        if (member.Target.Row.LeaseEnd <= now)
        {
            member.State = LaneMemberState.Out;
            return null;
        }

        while (member.Position < newest)
        {
            var next = member.Target.Row.WantsLatest ? newest : member.Position + 1;
            if (Entry_NeedsLock(next) is not { } entry) return null;
            if (entry.Patterns > _patterns)
            {
                // It came after a pattern that this run has not read: nobody can be passed over for it before it has.
                NeedMembers_NeedsLock();
                return null;
            }

            if (member.Target.Of(entry, now) is { } target)
            {
                member.State = LaneMemberState.Sending;
                _sending++;
                return member.Attempt = new(this, target, entry);
            }

            member.Position = next;
        }

        return null;
    }

    private void AdvanceAll_NeedsLock(List<Attempt> attempts)
    {
        foreach (var member in _members.Values)
        {
            if (member.State == LaneMemberState.Idle && Advance_NeedsLock(member) is { } attempt) attempts.Add(attempt);
        }
    }

    private LogEntry? Entry_NeedsLock(long sequence)
    {
        if (_entries.TryGetValue(sequence, out var entry)) return entry;
        if (_services.Entries.Find(_lane.TopicId, sequence) is { } cached) return _entries[sequence] = cached;
        if (_loading.Add(sequence)) _ = LoadEntryAsync(sequence);
        return null;
    }

    private async Task LoadEntryAsync(long sequence)
    {
        // Not under the lock we were called with.
        await Task.Yield();
        List<Attempt> attempts = [];
        try
        {
            var entry = await _services.Entries.LoadAsync(_lane.TopicId, sequence, CancellationToken.None);
            lock (_lock)
            {
                _loading.Remove(sequence);
                if (entry is not null) _entries[sequence] = entry;
                else SkipPruned_NeedsLock(sequence);
                AdvanceAll_NeedsLock(attempts);
            }
        }
#pragma warning disable CA1031 // The database is away: the run stays where it is and the next signal or save tries again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _services.EntryNotRead(e, _lane.TopicId, sequence);
            lock (_lock) _loading.Remove(sequence);
        }

        Enqueue(attempts);
        if (attempts.Count == 0) _services.Quiet(this);
    }

    /// <summary>A pruned entry is one that nobody is owed any more.</summary>
    private void SkipPruned_NeedsLock(long sequence)
    {
        foreach (var member in _members.Values)
        {
            if (member.State == LaneMemberState.Idle && (member.Position == sequence - 1 || (member.Target.Row.WantsLatest && member.Position < sequence))) member.Position = sequence;
        }
    }

    private void Leave_NeedsLock(LaneMember member, LaneDeparture departure)
    {
        if (member.State == LaneMemberState.Sending) _sending--;
        member.State = LaneMemberState.Departed;
        _departures.Add((member, departure));
    }

    private void Remove_NeedsLock(LaneMember member)
    {
        if (member.State == LaneMemberState.Sending) _sending--;
        if (member.State == LaneMemberState.Straggling) _departures.RemoveAll(d => ReferenceEquals(d.Member, member));
        member.State = LaneMemberState.Out;
    }

    /// <summary>
    /// Rule 17: when somebody has stood <see cref="MaxAhead"/> entries ahead of the saved cursor for a while, those who hold the cursor back step out, so that a subscriber
    /// that is merely slow does not set the pace of its lane.
    /// </summary>
    private void LetGoOfThoseWhoBlock_NeedsLock()
    {
        var isBlocked = _head > _savedCursor + MaxAhead && _members.Values.Any(m => m.State == LaneMemberState.Idle && m.Position >= _savedCursor + MaxAhead);
        if (!isBlocked)
        {
            _blockedSince = null;
            return;
        }

        _blockedSince ??= _services.Now();
        if (_services.Now() - _blockedSince < UnixMicroseconds.From(_services.Options.Delivery.BlockedFor)) return;

        var behind = Cursor_NeedsLock();
        foreach (var member in _members.Values.Where(m => m.State == LaneMemberState.Sending && m.Position <= behind))
        {
            var isSent = member.Attempt!.StartedAt != 0;
            _sending--;
            member.State = isSent ? LaneMemberState.Straggling : LaneMemberState.Departed;
            _departures.Add((member, new(member.Target.Row.Id, member.Position, 0, isSent ? _services.InFlightUntil() : _services.Now(), isSent, null, "It held its neighbours up.")));
        }
    }

    /// <summary>The highest entry that every joined subscription has; without any, the head: those that left are on their own.</summary>
    private long Cursor_NeedsLock()
    {
        var cursor = long.MaxValue;
        foreach (var member in _members.Values)
        {
            if (member.State is LaneMemberState.Idle or LaneMemberState.Sending) cursor = Math.Min(cursor, member.Position);
        }

        return cursor == long.MaxValue ? _head : cursor;
    }

    private void Enqueue(List<Attempt> attempts)
    {
        foreach (var attempt in attempts) _services.Gate.Enqueue(attempt);
    }
}
