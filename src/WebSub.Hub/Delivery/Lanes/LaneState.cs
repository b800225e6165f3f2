using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>
/// Where everybody of a running lane stands, and what the next save has to say. Every subscription goes on to its next entry as soon as its
/// own last one is answered; only the cursor waits for all of them (rule 13). Touched under the lock of its <see cref="LaneRun"/> only;
/// nothing in here waits or sends.
/// </summary>
internal sealed class LaneState(LaneRun run, LaneRow lane, LaneRunServices services)
{
    private readonly List<LaneMember> _members = [];
    private readonly LaneEntries _entries = new(lane.TopicId, services.Entries);
    private LaneChanges? _changes;
    private LaneChanges? _beingSaved;
    private LoadedLane? _loaded;
    private long _savedCursor = lane.Cursor;
    private int _sending;
    private bool _saving;
    private long _patterns;
    private long? _blockedSince;

    /// <summary>The newest sequence it knows of.</summary>
    public long Head { get; private set; } = lane.Head;

    /// <summary>The version of the rows it has read.</summary>
    public long MembersVersion { get; private set; } = lane.MembersVersion;

    /// <summary>True until rows that changed have been read again.</summary>
    public bool NeedsMembers { get; private set; }

    /// <summary>True once it was released, or another node has the lane: nothing more is sent or saved.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True if nothing is in flight, being read or being saved: only a save brings it on, or its end.</summary>
    public bool IsQuiet => _sending == 0 && !_saving && !_entries.IsReading;

    private LaneChanges Changes
    {
        get
        {
            // What is not as it was read is not worth keeping.
            _loaded = null;
            return _changes ??= new();
        }
    }

    /// <summary>Takes in an entry that was read.</summary>
    public void Add(LogEntry entry) => _entries.Add(entry);

    /// <summary>Takes in the members; later also those that came, changed or went (rule 10).</summary>
    public void Load(LoadedLane loaded)
    {
        (MembersVersion, _patterns, NeedsMembers) = (loaded.Lane.MembersVersion, loaded.Lane.Patterns, false);
        foreach (var (row, reason) in loaded.Unusable)
            StepOut(row, reason);
        if (_members.Count == 0)
        {
            foreach (var target in loaded.Targets)
                _members.Add(new(run, target, _savedCursor));
        }
        else
        {
            Replace(loaded.Targets);
        }

        _loaded = _changes is null && _members.Count == loaded.Targets.Count ? loaded : null;
    }

    /// <summary>What the next run of the lane can begin with, if it was left as it was read; else null.</summary>
    public LoadedLane? Left => HasEnded && _members.TrueForAll(m => m.State == LaneMemberState.Idle) ? _loaded : null;

    /// <summary>The rows have changed, or somebody joined. Returns false if that is known already.</summary>
    public bool NeedMembers()
    {
        _loaded = null;
        if (NeedsMembers)
            return false;
        return NeedsMembers = true;
    }

    /// <summary>Nothing more is sent or saved.</summary>
    public void End() => HasEnded = true;

    /// <summary>Returns false if it is no news.</summary>
    public bool MoveHead(long head)
    {
        if (head <= Head)
            return false;
        Head = head;
        return true;
    }

    /// <summary>Adds the next attempts of all that can go on.</summary>
    public void AdvanceAll(List<Attempt> attempts)
    {
        foreach (var member in _members)
        {
            if (member.State == LaneMemberState.Idle && Advance(member) is { } attempt)
                attempts.Add(attempt);
        }
    }

    /// <summary>What there is to save now; null if there is nothing, and the run goes on.</summary>
    public LaneSave? BeginSave()
    {
        if (_saving || HasEnded)
            return null;
        LetGoOfThoseWhoBlock();
        var cursor = NeedsMembers ? _savedCursor : Cursor();
        var yields = cursor >= lane.Cursor + LaneRun.MaxAhead && services.OthersWait;
        var release = !NeedsMembers && IsQuiet && (cursor >= Head || yields);
        if (cursor == _savedCursor && !release && _changes is not { IsEmpty: false })
            return null;

        _saving = true;
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
        return _beingSaved is null
            ? save
            : save with
            {
                Departures = [.. _beingSaved.Departures.Select(d => d.Departure with { Callback = d.Member?.Target.Row.Callback })],
                DeadLetters = _beingSaved.DeadLetters,
                Gone = _beingSaved.Gone,
            };
    }

    /// <summary>Goes on after a save, adding the attempts of stragglers that ended meanwhile.</summary>
    public void EndSave(LaneSave save, bool fenced, List<(Attempt Attempt, DeliveryOutcome Outcome)> late)
    {
        _saving = false;
        if (save.Cursor > _savedCursor)
            _blockedSince = null;
        _savedCursor = save.Cursor;
        foreach (var (member, _) in _beingSaved?.Departures ?? [])
        {
            if (member is null)
                continue;
            member.State = LaneMemberState.Out;
            if (member.Late is { } outcome && !fenced)
                late.Add((member.Attempt!, outcome));
        }

        _beingSaved = null;
        _members.RemoveAll(m => m.State == LaneMemberState.Out);
        HasEnded = fenced || save.Release;
        if (!HasEnded)
            _entries.Forget(save.Cursor);
    }

    /// <summary>A save that did not happen: the same is saved with the next one.</summary>
    public void AbandonSave(List<(LaneMember Member, DeliveryOutcome Outcome)> late)
    {
        _saving = false;
        if (_beingSaved is null)
            return;
        Changes.AddBack(_beingSaved);
        foreach (var (member, departure) in _beingSaved.Departures)
        {
            if (member is null || !departure.InFlight)
                continue;
            member.State = LaneMemberState.Straggling;
            if (member.Late is { } outcome)
                late.Add((member, outcome));
            member.Late = null;
        }

        _beingSaved = null;
    }

    /// <summary>
    /// True if this attempt may be sent now. If too little is left of the claim (rule 26) the next save goes on with it, if the lane is
    /// still ours.
    /// </summary>
    public bool MayStart(LaneMember member, Attempt attempt, bool claimCovers)
    {
        if (HasEnded || member.State != LaneMemberState.Sending || member.Attempt != attempt)
            return false;
        var alive = attempt.Target.Row.LeaseEnd > services.Now();
        if (alive && claimCovers)
            return true;
        if (!alive)
        {
            Remove(member);
            return false;
        }

        _sending--;
        member.State = LaneMemberState.Idle;
        return false;
    }

    /// <summary>Its attempt goes on, but the lane does not wait for it any longer (rule 14).</summary>
    public void Straggle(LaneMember member, Attempt attempt, string why)
    {
        if (member.State != LaneMemberState.Sending || member.Attempt != attempt)
            return;
        member.State = LaneMemberState.Straggling;
        _sending--;
        Changes.Departures.Add(
            (member, new(attempt.Target.Row.Id, member.Position, 0, services.InFlightUntil(), InFlight: true, null, why))
        );
    }

    /// <summary>It steps out without having been tried, because of its origin (rule 16).</summary>
    public void LeaveUntried(LaneMember member, Attempt attempt)
    {
        if (member.State != LaneMemberState.Sending || member.Attempt != attempt)
            return;
        Leave(
            member,
            new(
                attempt.Target.Row.Id,
                member.Position,
                0,
                services.After(LaneRunServices.Pause),
                InFlight: false,
                null,
                "Its origin is stuck; not tried yet."
            )
        );
    }

    /// <summary>Takes in how an attempt ended.</summary>
    /// <param name="member">Whose.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="settle">True if the member has left with this attempt in flight: it is settled by itself.</param>
    /// <returns>Its next attempt; null if it has to wait or is not of the run any more.</returns>
    public Attempt? Complete(LaneMember member, Attempt attempt, DeliveryOutcome outcome, out bool settle)
    {
        settle = false;
        if (member.Attempt != attempt)
            return null;
        switch (member.State)
        {
            case LaneMemberState.Sending:
                return Decide(member, attempt, outcome);

            case LaneMemberState.Straggling:
                // Its departure is not saved: it is as if it had not straggled.
                Changes.Departures.RemoveAll(d => d.Member == member);
                member.State = LaneMemberState.Sending;
                _sending++;
                return Decide(member, attempt, outcome);

            case LaneMemberState.Leaving:
                member.Late = outcome;
                return null;

            default:
                settle = member.State == LaneMemberState.Out;
                return null;
        }
    }

    /// <summary>Takes in an entry that was read for the run; null if it has been pruned, so that nobody is owed it any more.</summary>
    public void EndReading(long sequence, LogEntry? entry)
    {
        _entries.EndReading(sequence);
        if (entry is not null)
        {
            _entries.Add(entry);
            return;
        }

        foreach (var member in _members)
        {
            if (
                member.State != LaneMemberState.Idle
                || (member.Position != sequence - 1 && !(member.Target.Row.WantsLatest && member.Position < sequence))
            )
                continue;
            member.Position = sequence;
            // A diff to what it never had is of no use (rule 24).
            member.Target = member.Target.FullUntil(sequence + 1);
        }
    }

    /// <summary>An entry could not be read; the next signal or save tries again.</summary>
    public void AbandonReading(long sequence) => _entries.EndReading(sequence);

    private void Replace(IEnumerable<DeliveryTarget> targets)
    {
        var known = _members.ToDictionary(m => m.Target.Row.Id);
        foreach (var target in targets)
        {
            if (known.Remove(target.Row.Id, out var member) && member.State != LaneMemberState.Out)
            {
                member.Target = target;
                continue;
            }

            if (member is not null)
                _members.Remove(member);
            _members.Add(new(run, target, _savedCursor));
        }

        foreach (var member in known.Values.Where(m => m.IsIn))
            Remove(member);
    }

    /// <summary>A row that cannot be used, whatever the reason, steps out; it must not cost its neighbours an update.</summary>
    private void StepOut(SubscriptionRow row, Exception reason)
    {
        services.RowNotUsable(reason, row.Callback);
        var known = _members.Find(m => m.Target.Row.Id == row.Id);
        if (known is { IsIn: false })
            return;
        if (known is not null)
            Remove(known);
        Changes.Departures.Add(
            (
                known,
                new(
                    row.Id,
                    known?.Position ?? _savedCursor,
                    0,
                    services.After(LaneRunServices.UnusablePause),
                    InFlight: false,
                    null,
                    $"Its row cannot be used: {reason.Message}"
                )
            )
        );
    }

    private Attempt? Decide(LaneMember member, Attempt attempt, DeliveryOutcome outcome)
    {
        // Rule 11: an answer to what the subscription is no longer does not count.
        if (member.Target.Row.Version != attempt.Target.Row.Version)
            return Advance(member);

        var row = member.Target.Row;
        switch (
            DeliveryTransitions.Decide(
                outcome,
                new(0, 0, NewerWaits: Head > attempt.Entry.Sequence),
                services.Options.Delivery.RetryDelays,
                LaneRunServices.Random()
            )
        )
        {
            case DeliveryDecision.Advance:
                member.Position = attempt.Entry.Sequence;
                return Advance(member);

            case DeliveryDecision.Retry retry:
                Leave(
                    member,
                    new(
                        row.Id,
                        member.Position,
                        retry.Attempts,
                        services.After(retry.After),
                        InFlight: false,
                        outcome.Status,
                        outcome.Error
                    )
                    {
                        Answered = outcome.IsAboutContent ? 1 : 0,
                        NotBefore = outcome.RetryAfter is null ? null : services.After(retry.After),
                    }
                );
                return null;

            case DeliveryDecision.GiveUp giveUp:
                Changes.DeadLetters.Add(
                    new(row.TopicId, row.Id, row.Callback, attempt.Entry.Sequence, giveUp.Attempts, outcome.Status, outcome.Error)
                );
                services.Events.Tell(WebSubHubChangeKind.UpdateGivenUp, row.TopicId, row.Callback, outcome.Error);
                member.Position = attempt.Entry.Sequence;
                // What the save writes to the row (rule 24), this run has to know by itself.
                member.Target = member.Target.FullUntil(attempt.Entry.Sequence + 1);
                return Advance(member);

            default:
                Changes.Gone.Add((row.Id, row.Callback));
                services.Events.Tell(WebSubHubChangeKind.Gone, row.TopicId, row.Callback, outcome.Error);
                Remove(member);
                member.State = LaneMemberState.Departed;
                return null;
        }
    }

    /// <summary>The member's next attempt; null if it has to wait. Counts it as sending or not.</summary>
    private Attempt? Advance(LaneMember member)
    {
        if (member.State == LaneMemberState.Sending)
            _sending--;
        member.State = LaneMemberState.Idle;
        // Who wants the newest only repeats at most that one, however far ahead it is.
        var newest = member.Target.Row.WantsLatest ? Head : Math.Min(Head, _savedCursor + LaneRun.MaxAhead);
        if (HasEnded || member.Position >= newest)
            return null;
        var now = services.Now();
        if (member.Target.Row.LeaseEnd <= now)
        {
            member.State = LaneMemberState.Out;
            return null;
        }

        while (member.Position < newest)
        {
            var next = member.Target.Row.WantsLatest ? newest : member.Position + 1;
            if (Entry(next) is not { } entry)
                return null;
            if (entry.Patterns > _patterns)
            {
                // It came after a pattern that this run has not read: nobody can be passed over for it before it has.
                run.NeedMembers_NeedsLock();
                return null;
            }

            if (member.Target.Of(entry, now) is { } target)
            {
                member.State = LaneMemberState.Sending;
                _sending++;
                return member.Attempt = new(member, target, entry);
            }

            member.Position = next;
        }

        return null;
    }

    private LogEntry? Entry(long sequence)
    {
        if (_entries.Find(sequence) is { } entry)
            return entry;
        if (_entries.BeginReading(sequence))
            run.BeginReading_NeedsLock(sequence);
        return null;
    }

    private void Leave(LaneMember member, LaneDeparture departure)
    {
        if (member.State == LaneMemberState.Sending)
            _sending--;
        member.State = LaneMemberState.Departed;
        Changes.Departures.Add((member, departure));
    }

    private void Remove(LaneMember member)
    {
        if (member.State == LaneMemberState.Sending)
            _sending--;
        if (member.State == LaneMemberState.Straggling)
            _changes?.Departures.RemoveAll(d => d.Member == member);
        member.State = LaneMemberState.Out;
    }

    /// <summary>
    /// Rule 17: when somebody has stood <see cref="LaneRun.MaxAhead"/> entries ahead of the saved cursor for a while, those who hold the
    /// cursor back step out, so that a subscriber that is merely slow does not set the pace of its lane.
    /// </summary>
    private void LetGoOfThoseWhoBlock()
    {
        var isBlocked =
            Head > _savedCursor + LaneRun.MaxAhead
            && _members.Exists(m => m.State == LaneMemberState.Idle && m.Position >= _savedCursor + LaneRun.MaxAhead);
        if (!isBlocked)
        {
            _blockedSince = null;
            return;
        }

        _blockedSince ??= services.Now();
        if (services.Now() - _blockedSince < UnixMicroseconds.From(services.Options.Delivery.BlockedFor))
            return;

        const string Why = "It held its neighbours up.";
        var behind = Cursor();
        foreach (var member in _members.Where(m => m.State == LaneMemberState.Sending && m.Position <= behind))
        {
            if (member.Attempt!.StartedAt != 0)
                Straggle(member, member.Attempt, Why);
            else
                Leave(member, new(member.Target.Row.Id, member.Position, 0, services.Now(), InFlight: false, null, Why));
        }
    }

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
