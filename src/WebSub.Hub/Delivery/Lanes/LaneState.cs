using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>
/// Where every member of a running lane stands, and what the next save has to say. Every subscription goes on to its next entry as soon as
/// its own last one is answered; only the cursor waits for all of them (rule 13). Pure: what it knows of the world comes with the event,
/// what it wants done is in the effects. Nothing in here reads a clock, waits, logs or sends.
/// </summary>
/// <param name="lane">The lane as it was claimed.</param>
/// <param name="options">How deliveries are made.</param>
/// <param name="owner">Who its attempts belong to; it is only put on them.</param>
internal sealed class LaneState(LaneRow lane, DeliveryOptions options, IAttemptOwner owner)
{
    /// <summary>No member runs more entries than this ahead of the saved cursor (rule 17).</summary>
    public const int MaxAhead = 16;

    /// <summary>How long a subscription waits that could not be tried because its origin was stuck.</summary>
    private static readonly TimeSpan StuckPause = TimeSpan.FromSeconds(5);

    /// <summary>How long after an attempt's deadline no other node tries (rule 20).</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly List<LaneMember> _members = [];
    private readonly LaneEntries _entries = new();
    private LaneChanges? _changes;
    private LaneChanges? _beingSaved;
    private LoadedLane? _loaded;
    private long _savedCursor = lane.Cursor;
    private long _membersVersion = lane.MembersVersion;
    private DatabaseTime _readAt;
    private int _sending;
    private bool _isSaving;
    private long _patterns;
    private DatabaseTime? _blockedSince;

    /// <summary>The newest sequence it knows of.</summary>
    public long Head { get; private set; } = lane.Head;

    /// <summary>True until rows that changed have been read again.</summary>
    public bool NeedsMembers { get; private set; }

    /// <summary>True once it was released, or another node has the lane: nothing more is sent or saved.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What the next run of the lane can begin with, if it was left as it was read; else null.</summary>
    public LoadedLane? Left => HasEnded && _members.TrueForAll(m => m.State == LaneMemberState.Idle) ? _loaded : null;

    private bool IsQuiet => _sending == 0 && !_isSaving && !_entries.IsReading;

    private LaneChanges Changes
    {
        get
        {
            // What is not as it was read is not worth keeping.
            _loaded = null;
            return _changes ??= new();
        }
    }

    /// <summary>Takes in what happened and adds what is to be done because of it.</summary>
    public void Apply(in LaneEvent happened, LaneEffects effects)
    {
        // Of a run that is over nothing is sent or saved any more. But a straggler whose departure was saved before still ends.
        if (HasEnded && happened.Kind != LaneEventKind.Completed)
        {
            effects.HasEnded = true;
            return;
        }

        switch (happened.Kind)
        {
            case LaneEventKind.Loaded:
                Load(happened, effects);
                break;
            case LaneEventKind.HeadMoved:
                MoveHead(happened, effects);
                break;
            case LaneEventKind.MembersChanged:
                NeedMembers(effects);
                break;
            case LaneEventKind.Lost:
                HasEnded = true;
                break;
            case LaneEventKind.Placed:
                Place(happened, effects);
                break;
            case LaneEventKind.Straggled:
                Straggle(happened, effects);
                break;
            case LaneEventKind.Refused:
                Refuse(happened, effects);
                break;
            case LaneEventKind.Completed:
                Complete(happened, effects);
                break;
            case LaneEventKind.EntryRead:
                EndReading(happened, effects);
                break;
            case LaneEventKind.EntryNotRead:
                AbandonReading(happened, effects);
                break;
            case LaneEventKind.SaveBegins:
                BeginSave(happened, effects);
                break;
            case LaneEventKind.SaveEnded:
                EndSave(happened, effects);
                break;
            case LaneEventKind.SaveFailed:
                AbandonSave(effects);
                break;
        }

        effects.HasEnded = HasEnded;
    }

    /// <summary>Takes in the members; later also those that came, changed or went (rule 10).</summary>
    private void Load(in LaneEvent happened, LaneEffects effects)
    {
        var loaded = happened.Members!;
        foreach (var entry in happened.Entries!)
            _entries.Add(entry);
        (_membersVersion, _patterns, _readAt, NeedsMembers) = (loaded.Lane.MembersVersion, loaded.Lane.Patterns, happened.ReadAt, false);
        // Higher than was known after a save that was taken for failed and was made all the same.
        _savedCursor = Math.Max(_savedCursor, loaded.Lane.Cursor);
        foreach (var (row, reason) in loaded.Unusable)
            StepOut(row, reason, happened.Now, effects);
        if (_members.Count == 0)
        {
            foreach (var target in loaded.Targets)
                _members.Add(new(target, _savedCursor));
        }
        else
        {
            Replace(loaded.Targets);
        }

        _loaded = _changes is null && _members.Count == loaded.Targets.Count ? loaded : null;
        AdvanceAll(happened.Now, effects);
        SayIfQuiet(effects);
    }

    private void Replace(IEnumerable<DeliveryTarget> targets)
    {
        var known = _members.ToDictionary(m => m.Target.Row.Id);
        foreach (var target in targets)
        {
            // Idle, Sending, Straggling: the next attempt is made to what it is now. Leaving, Departed: it still leaves with the next save.
            // Left is never here, since who left is not among the members. Out, or another callback: SQLite gives the ids of
            // subscriptions that are gone to new ones, and a new one has had what the cursor says and no more.
            if (
                known.Remove(target.Row.Id, out var member)
                && member.State != LaneMemberState.Out
                && member.Target.Row.Callback == target.Row.Callback
            )
            {
                member.Target = target;
                continue;
            }

            if (member is not null)
            {
                Remove(member);
                _members.Remove(member);
            }

            _members.Add(new(target, _savedCursor));
        }

        // Idle, Sending, Straggling: the subscription has gone. Departed: so it has, or its departure was saved by a save that was taken
        // for failed. Leaving is not here, since nothing is read during a save; Out is out.
        foreach (var member in known.Values)
            Remove(member);
    }

    /// <summary>A row that cannot be used, whatever the reason, steps out; it must not cost its neighbours an update.</summary>
    private void StepOut(SubscriptionRow row, Exception reason, DatabaseTime now, LaneEffects effects)
    {
        effects.Unusable.Add((row, reason));
        var known = _members.Find(m => m.Target.Row.Id == row.Id);
        // Whatever it was doing: Departed leaves as this instead. Leaving is not here, since nothing is read during a save.
        if (known is not null)
            Remove(known);
        var departure = LaneDeparture.Unattempted(
            row,
            known?.Position ?? _savedCursor,
            now + DeliveryTransitions.UnusablePause,
            $"Its row cannot be used: {reason.Message}"
        );
        Changes.Departures.Add((known, departure));
    }

    private void MoveHead(in LaneEvent happened, LaneEffects effects)
    {
        if (happened.Sequence <= Head)
            return;
        Head = happened.Sequence;
        AdvanceAll(happened.Now, effects);
        SayIfQuiet(effects);
    }

    /// <summary>The rows have changed, or one joined: they are read again, and the cursor stays until they are.</summary>
    private void NeedMembers(LaneEffects effects)
    {
        _loaded = null;
        if (NeedsMembers)
            return;
        NeedsMembers = effects.ReadMembers = true;
    }

    private void Place(in LaneEvent happened, LaneEffects effects)
    {
        var attempt = happened.Attempt!;
        var member = (LaneMember)attempt.Key!;
        // Only Sending waits for a place. Idle, Out: its attempt was called off when its row changed or its lease ended. Departed: others
        // would have waited too long for it (rule 17). Straggling, Leaving, Left: its attempt has been sent before this one.
        if (member.State != LaneMemberState.Sending || member.Attempt != attempt)
            return;
        if (attempt.Target.Row.LeaseEnd <= happened.Now)
        {
            Move(member, LaneMemberState.Idle);
            EndLease(member, effects);
        }
        else if (happened.ClaimCovers)
        {
            effects.MayStart = true;
        }
        else
        {
            // Too little is left of the claim (rule 26): the next save goes on with it, if the lane is still ours.
            Move(member, LaneMemberState.Idle);
        }

        if (!effects.MayStart)
            SayIfQuiet(effects);
    }

    private void Straggle(in LaneEvent happened, LaneEffects effects)
    {
        var attempt = happened.Attempt!;
        var member = (LaneMember)attempt.Key!;
        // Only Sending is waited for. Straggling, Leaving, Left: it is a straggler already. Departed: it has been answered, or unsent.
        // Idle, Out: the attempt was called off.
        if (member.State != LaneMemberState.Sending || member.Attempt != attempt)
            return;
        Straggle(member, happened.Now, "No answer yet.");
        SayIfQuiet(effects);
    }

    /// <summary>Its attempt goes on, but the lane does not wait for it any longer (rule 14).</summary>
    private void Straggle(LaneMember member, DatabaseTime now, string why)
    {
        Move(member, LaneMemberState.Straggling);
        var until = now + options.Timeout + Margin;
        Changes.Departures.Add((member, LaneDeparture.Straggling(member.Attempt!.Target.Row, member.Position, until, why)));
    }

    /// <summary>It steps out without having been tried, because of its origin (rule 16).</summary>
    private void Refuse(in LaneEvent happened, LaneEffects effects)
    {
        var attempt = happened.Attempt!;
        var member = (LaneMember)attempt.Key!;
        // Only Sending waits for a place. Idle, Departed, Out: its attempt was called off. Straggling, Leaving, Left: that is another one.
        if (member.State != LaneMemberState.Sending || member.Attempt != attempt)
            return;
        Leave(
            member,
            LaneDeparture.Unattempted(attempt.Target.Row, member.Position, happened.Now + StuckPause, "Its origin is stuck; not tried yet.")
        );
        SayIfQuiet(effects);
    }

    private void Complete(in LaneEvent happened, LaneEffects effects)
    {
        var (attempt, outcome) = (happened.Attempt!, happened.Outcome!);
        var member = (LaneMember)attempt.Key!;
        // An older attempt of a member that has gone on was called off; how it ended counts for nothing.
        if (member.Attempt != attempt)
            return;
        switch (member.State)
        {
            // What is not saved is not lost: whoever has the lane now sends the entry again.
            case not LaneMemberState.Left when HasEnded:
                return;

            case LaneMemberState.Sending:
                Decide(member, happened, effects);
                break;

            case LaneMemberState.Straggling:
                // Its departure is not saved: it is as if it had not straggled.
                Changes.Departures.RemoveAll(d => d.Member == member);
                Move(member, LaneMemberState.Sending);
                Decide(member, happened, effects);
                break;

            case LaneMemberState.Leaving:
                // Whether its departure is saved shows in a moment; only then is it clear who has to know this.
                member.Late = outcome;
                return;

            case LaneMemberState.Left:
                member.State = LaneMemberState.Out;
                effects.Late.Add((attempt, outcome));
                return;

            // Idle: the attempt was called off. Departed: it ended already. Out: the subscription has gone, or was read again as another.
            default:
                return;
        }

        SayIfQuiet(effects);
    }

    private void Decide(LaneMember member, in LaneEvent happened, LaneEffects effects)
    {
        var (attempt, outcome, row) = (happened.Attempt!, happened.Outcome!, member.Target.Row);
        var sequence = attempt.Entry.Sequence;
        // Rule 11: an answer to what the subscription is no longer does not count.
        if (row.Version != attempt.Target.Row.Version)
        {
            Advance(member, happened.Now, effects);
            return;
        }

        var history = new DeliveryHistory(0, 0, NewerWaits: Head > sequence);
        switch (DeliveryTransitions.Decide(outcome, history, options.RetryDelays, happened.Chance))
        {
            case DeliveryDecision.Advance:
                member.Position = sequence;
                Advance(member, happened.Now, effects);
                break;

            case DeliveryDecision.Retry retry:
                var due = happened.Now + retry.After;
                var kept = StoredFailures.Of(sequence, happened.Now, outcome.Failure);
                Leave(member, LaneDeparture.Failed(row, member.Position, retry.Attempts, due, outcome.Failure, kept));
                break;

            case DeliveryDecision.GiveUp giveUp:
                var letter = DeadLetter.Of(row, sequence, giveUp.Attempts, outcome.Failure);
                Changes.DeadLetters.Add(letter);
                effects.GivenUp.Add(letter);
                member.Position = sequence;
                // What the save writes to the row (rule 24), this run has to know by itself.
                member.Target = member.Target.FullUntil(sequence + 1);
                Advance(member, happened.Now, effects);
                break;

            default:
                Changes.Gone.Add(member);
                effects.Gone.Add((row, outcome.Error));
                Move(member, LaneMemberState.Departed);
                break;
        }
    }

    private void EndReading(in LaneEvent happened, LaneEffects effects)
    {
        var (sequence, entry) = (happened.Sequence, happened.Entry);
        if (!_entries.EndReading(sequence))
            return;
        if (entry is not null)
            _entries.Add(entry);
        else
            PassOver(sequence);
        AdvanceAll(happened.Now, effects);
        SayIfQuiet(effects);
    }

    /// <summary>An entry has been pruned, so that no member is owed it any more.</summary>
    private void PassOver(long sequence)
    {
        foreach (var member in _members)
        {
            // Only Idle can have waited for it. Sending has another one; Straggling, Leaving, Departed and Out will not get it from here.
            if (
                member.State != LaneMemberState.Idle
                || (member.Position != sequence - 1 && !(member.Target.Row.WantsLatest && member.Position < sequence))
            )
                continue;
            member.Position = sequence;
            // A diff to what it never had is of no use (rule 24).
            member.Target = member.Target.FullUntil(sequence + 1);
            _loaded = null;
        }
    }

    /// <summary>An entry could not be read; the next signal or save tries again.</summary>
    private void AbandonReading(in LaneEvent happened, LaneEffects effects)
    {
        if (_entries.EndReading(happened.Sequence))
            SayIfQuiet(effects);
    }

    private void BeginSave(in LaneEvent happened, LaneEffects effects)
    {
        if (_isSaving)
            return;
        LetGoOfThoseWhoBlock(happened.Now);
        var cursor = NeedsMembers ? _savedCursor : Cursor();
        var yields = cursor >= lane.Cursor + MaxAhead && happened.OthersWait && !IsAheadOf(cursor);
        var release = !NeedsMembers && IsQuiet && (cursor >= Head || yields);
        if (cursor == _savedCursor && !release && _changes is not { IsEmpty: false })
        {
            AdvanceAll(happened.Now, effects);
            return;
        }

        _isSaving = true;
        (_beingSaved, _changes) = (_changes, null);
        foreach (var (member, departure) in _beingSaved?.Departures ?? [])
        {
            if (member is not null && departure.InFlight)
                member.State = LaneMemberState.Leaving;
        }

        var save = new LaneSave
        {
            LaneId = lane.Id,
            Epoch = lane.Epoch,
            Cursor = cursor,
            Release = release,
        };
        effects.Save = _beingSaved is null
            ? save
            : save with
            {
                Departures = _beingSaved.Departures.ConvertAll(d => d.Departure),
                DeadLetters = _beingSaved.DeadLetters,
                Gone = _beingSaved.Gone.ConvertAll(m => (m.Target.Row.Id, m.Target.Row.Callback, m.Position)),
            };
    }

    private void EndSave(in LaneEvent happened, LaneEffects effects)
    {
        var (save, saved) = (happened.Save!, happened.Saved);
        _isSaving = false;
        if (saved.Fenced)
        {
            // Nothing of it was saved, so nothing of it is true (rule 6).
            HasEnded = true;
            _members.ForEach(m => m.State = LaneMemberState.Out);
            return;
        }

        if (save.Cursor > _savedCursor)
            _blockedSince = null;
        _savedCursor = save.Cursor;
        LetGo(effects);
        HasEnded = save.Release;
        var changed = saved.Joined || saved.MembersVersion != _membersVersion;
        if (HasEnded)
        {
            if (changed)
                _loaded = null;
            return;
        }

        if (changed)
            NeedMembers(effects);
        _entries.Forget(save.Cursor);
        AdvanceAll(happened.Now, effects);
        // What ended while the save was under way found the run busy.
        SayIfQuiet(effects);
    }

    /// <summary>Those whose departure or end is saved are not of the run any more.</summary>
    private void LetGo(LaneEffects effects)
    {
        foreach (var (member, departure) in _beingSaved?.Departures ?? [])
        {
            if (member is null)
                continue;
            effects.Departed.Add((member.Target.Row, departure.Error));
            if (member.Late is { } outcome)
                effects.Late.Add((member.Attempt!, outcome));
            // Leaving has an attempt in flight, unless that ended meanwhile. Departed has none; Out went before its departure was saved.
            member.State = member.State == LaneMemberState.Leaving && member.Late is null ? LaneMemberState.Left : LaneMemberState.Out;
        }

        foreach (var member in _beingSaved?.Gone ?? [])
            member.State = LaneMemberState.Out;
        _beingSaved = null;
        _members.RemoveAll(m => m.State is LaneMemberState.Left or LaneMemberState.Out);
    }

    /// <summary>
    /// A save that did not happen, as far as is known: the same is saved with the next one. If it was made all the same, rows may have
    /// joined at its cursor, so the cursor stays until the rows have been read again (rule 7).
    /// </summary>
    private void AbandonSave(LaneEffects effects)
    {
        _isSaving = false;
        NeedMembers(effects);
        if (_beingSaved is null)
            return;
        Changes.AddBack(_beingSaved);
        foreach (var (member, _) in _beingSaved.Departures)
        {
            // Leaving is a straggler again. Departed and Out stay what they are; the others have no departure.
            if (member is not { State: LaneMemberState.Leaving })
                continue;
            member.State = LaneMemberState.Straggling;
            if (member.Late is { } outcome)
                effects.Again.Add((member.Attempt!, outcome));
            member.Late = null;
        }

        _beingSaved = null;
    }

    /// <summary>Adds the next attempts of all that can go on.</summary>
    private void AdvanceAll(DatabaseTime now, LaneEffects effects)
    {
        foreach (var member in _members)
        {
            // Sending is busy; Straggling, Leaving, Departed and Out do not go on from here.
            if (member.State == LaneMemberState.Idle)
                Advance(member, now, effects);
        }
    }

    /// <summary>The member goes on to its next entry; or is idle, if it has to wait.</summary>
    private void Advance(LaneMember member, DatabaseTime now, LaneEffects effects)
    {
        Move(member, LaneMemberState.Idle);
        // Who wants the newest only repeats at most that one, however far ahead it is.
        var newest = member.Target.Row.WantsLatest ? Head : Math.Min(Head, _savedCursor + MaxAhead);
        if (member.Position >= newest)
            return;
        if (member.Target.Row.LeaseEnd <= now)
        {
            EndLease(member, effects);
            return;
        }

        while (member.Position < newest)
        {
            var next = member.Target.Row.WantsLatest ? newest : member.Position + 1;
            if (Entry(next, effects) is not { } entry)
                return;
            var target = member.Target.Of(entry, now);
            if (entry.Patterns > _patterns || (target is null && member.Target.HasLapsedSince(_readAt, now)))
            {
                // It came after a pattern that this run has not read, or after the lease of one that may have been renewed: no member can
                // be passed over for it before the run has read them again.
                NeedMembers(effects);
                return;
            }

            if (target is not null)
            {
                Move(member, LaneMemberState.Sending);
                effects.Attempts.Add(member.Attempt = new(owner, target, entry, member));
                return;
            }

            member.Position = next;
        }
    }

    /// <summary>
    /// Its lease has ended, as far as is known. One that ended after its row was read may have been renewed since, and is passed over for
    /// good only when a later reading says the same.
    /// </summary>
    private void EndLease(LaneMember member, LaneEffects effects)
    {
        if (member.Target.Row.LeaseEnd > _readAt)
            NeedMembers(effects);
        else
            Remove(member);
    }

    private LogEntry? Entry(long sequence, LaneEffects effects)
    {
        if (_entries.Find(sequence) is { } entry)
            return entry;
        if (_entries.BeginReading(sequence))
            effects.Entries.Add(sequence);
        return null;
    }

    private void Leave(LaneMember member, LaneDeparture departure)
    {
        Move(member, LaneMemberState.Departed);
        Changes.Departures.Add((member, departure));
    }

    private void Remove(LaneMember member)
    {
        // Only Straggling and Departed have a departure that can be taken back; that of Leaving is being saved.
        if (member.State is LaneMemberState.Straggling or LaneMemberState.Departed)
            _changes?.Departures.RemoveAll(d => d.Member == member);
        Move(member, LaneMemberState.Out);
    }

    private void Move(LaneMember member, LaneMemberState state)
    {
        if (member.State == LaneMemberState.Sending)
            _sending--;
        if (state == LaneMemberState.Sending)
            _sending++;
        member.State = state;
    }

    /// <summary>With nothing in flight, being read or being saved, only a save brings the run on, or to its end.</summary>
    private void SayIfQuiet(LaneEffects effects) => effects.IsQuiet = IsQuiet && effects.Attempts.Count == 0;

    /// <summary>
    /// Rule 17: when a member has stood <see cref="MaxAhead"/> entries ahead of the saved cursor for a while, those who hold it back step
    /// out, so that a subscriber that is merely slow does not set the pace of its lane.
    /// </summary>
    private void LetGoOfThoseWhoBlock(DatabaseTime now)
    {
        var isBlocked =
            Head > _savedCursor + MaxAhead
            && _members.Exists(m => m.State == LaneMemberState.Idle && m.Position >= _savedCursor + MaxAhead);
        if (!isBlocked)
        {
            _blockedSince = null;
            return;
        }

        _blockedSince ??= now;
        if (now - _blockedSince.Value < options.BlockedFor)
            return;

        const string Why = "It held its neighbours up.";
        var behind = Cursor();
        foreach (var member in _members)
        {
            // Only Sending can hold them up: Idle waits for an entry that all wait for, the others are not waited for.
            if (member.State != LaneMemberState.Sending || member.Position > behind)
                continue;
            if (member.Attempt!.IsSent)
                Straggle(member, now, Why);
            else
                Leave(member, LaneDeparture.Unattempted(member.Target.Row, member.Position, now, Why));
        }
    }

    /// <summary>
    /// True if a member has had more than is saved, which would be sent again. Who wants the newest only may be ahead of a long backlog all
    /// the time, and repeats that one.
    /// </summary>
    private bool IsAheadOf(long cursor) =>
        _members.Exists(m => m.State == LaneMemberState.Idle && m.Position > cursor && !m.Target.Row.WantsLatest);

    /// <summary>The highest entry that every joined subscription has; without any, the head: those that left are on their own.</summary>
    private long Cursor()
    {
        var cursor = long.MaxValue;
        foreach (var member in _members)
        {
            if (member.IsWaitedFor)
                cursor = Math.Min(cursor, member.Position);
        }

        return cursor == long.MaxValue ? Head : cursor;
    }
}
