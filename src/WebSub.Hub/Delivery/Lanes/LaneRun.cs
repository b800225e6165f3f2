using System.Diagnostics;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>
/// A lane while it is being delivered: what happens to it, from its service and from the gate, one at a time. Where everybody stands is its
/// <see cref="LaneState"/>'s; what follows is done after the lock is left. Nobody runs more than <see cref="MaxAhead"/> entries ahead of
/// the saved cursor (rule 17).
/// </summary>
internal sealed class LaneRun
{
    public const int MaxAhead = 16;

    private readonly Lock _lock = new();
    private readonly LaneRow _lane;
    private readonly LaneRunServices _services;
    private readonly LaneState _state;
    private long _claimedAt;

    /// <param name="lane">The lane as it was claimed.</param>
    /// <param name="services">Its surroundings.</param>
    /// <param name="claimedAt">The time stamp since when it is claimed.</param>
    public LaneRun(LaneRow lane, LaneRunServices services, long claimedAt)
    {
        (_lane, _services, _claimedAt) = (lane, services, claimedAt);
        _state = new(this, lane, services);
    }

    public long LaneId => _lane.Id;

    public long TopicId => _lane.TopicId;

    /// <summary>The activity of the run; null if nobody listens.</summary>
    public Activity? Trace { get; init; }

    /// <summary>What the activities of its attempts belong to; the default for nothing.</summary>
    public ActivityContext TraceContext => Trace?.Context ?? default;

    /// <summary>The newest sequence it knows of.</summary>
    public long Head
    {
        get
        {
            lock (_lock)
                return _state.Head;
        }
    }

    /// <summary>
    /// True if somebody joined the lane or its rows changed behind the run's back (rule 10): until it has read its members again, the
    /// cursor stays, since it might pass somebody it does not know.
    /// </summary>
    public bool NeedsMembers
    {
        get
        {
            lock (_lock)
                return _state is { NeedsMembers: true, HasEnded: false };
        }
    }

    /// <summary>
    /// What the next run of the lane can begin with, if this one has ended and left everybody as they were read; else null.
    /// </summary>
    public LoadedLane? Left
    {
        get
        {
            lock (_lock)
                return _state.Left;
        }
    }

    /// <summary>Takes in the members and entries that were read, and starts, or goes on, sending.</summary>
    public void Load(LoadedLane loaded, IEnumerable<LogEntry> entries)
    {
        List<Attempt> attempts = [];
        bool quiet;
        lock (_lock)
        {
            foreach (var entry in entries)
                _state.Add(entry);
            _state.Load(loaded);
            _state.AdvanceAll(attempts);
            quiet = _state.IsQuiet;
        }

        Follow(attempts, quiet);
    }

    /// <summary>The claim lasts from this time stamp on: it was renewed.</summary>
    public void Claimed(long timestamp)
    {
        lock (_lock)
            _claimedAt = timestamp;
    }

    /// <summary>Another node has the lane: nothing more is sent or saved.</summary>
    public void End()
    {
        lock (_lock)
            _state.End();
    }

    /// <summary>Tells of newer entries.</summary>
    public void HeadMoved(long head)
    {
        List<Attempt> attempts = [];
        bool quiet;
        lock (_lock)
        {
            if (!_state.MoveHead(head))
                return;
            _state.AdvanceAll(attempts);
            quiet = _state.IsQuiet;
        }

        Follow(attempts, quiet);
    }

    /// <summary>The rows have a newer version than the run has read.</summary>
    public void MembersChanged()
    {
        lock (_lock)
            NeedMembers_NeedsLock();
    }

    /// <summary>What there is to save now; null if nothing has changed since the last save and the run goes on.</summary>
    public LaneSave? BeginSave()
    {
        List<Attempt> attempts = [];
        LaneSave? save;
        lock (_lock)
        {
            save = _state.BeginSave();
            if (save is null)
                _state.AdvanceAll(attempts);
        }

        Follow(attempts, quiet: false);
        return save;
    }

    /// <summary>Goes on after a save. Returns false if the run is over: it was released, or another node has the lane.</summary>
    public bool EndSave(LaneSave save, LaneSaved saved)
    {
        List<Attempt> attempts = [];
        List<(Attempt Attempt, DeliveryOutcome Outcome)> late = [];
        bool goesOn;
        lock (_lock)
        {
            if (saved.Joined || saved.MembersVersion != _state.MembersVersion)
                NeedMembers_NeedsLock();
            _state.EndSave(save, saved.Fenced, late);
            _state.AdvanceAll(attempts);
            goesOn = !_state.HasEnded;
        }

        foreach (var (attempt, outcome) in late)
            _services.SettleLate(attempt, outcome);
        Follow(attempts, quiet: false);
        return goesOn;
    }

    /// <summary>A save that did not happen: the same is saved with the next one.</summary>
    public void AbandonSave()
    {
        List<(LaneMember Member, DeliveryOutcome Outcome)> late = [];
        lock (_lock)
            _state.AbandonSave(late);
        foreach (var (member, outcome) in late)
            OnCompleted(member, member.Attempt!, outcome);
    }

    /// <inheritdoc cref="IAttemptOwner.MayStart"/>
    public bool MayStart(LaneMember member, Attempt attempt)
    {
        bool quiet;
        lock (_lock)
        {
            if (_state.MayStart(member, attempt, _services.ClaimCovers(_claimedAt)))
                return true;
            quiet = _state is { IsQuiet: true, HasEnded: false };
        }

        Follow([], quiet);
        return false;
    }

    /// <inheritdoc cref="IAttemptOwner.OnStraggling"/>
    public void OnStraggling(LaneMember member, Attempt attempt)
    {
        bool quiet;
        lock (_lock)
        {
            _state.Straggle(member, attempt, "No answer yet.");
            quiet = _state.IsQuiet;
        }

        Follow([], quiet);
    }

    /// <inheritdoc cref="IAttemptOwner.OnNoPlace"/>
    public void OnNoPlace(LaneMember member, Attempt attempt)
    {
        bool quiet;
        lock (_lock)
        {
            _state.LeaveUntried(member, attempt);
            quiet = _state.IsQuiet;
        }

        Follow([], quiet);
    }

    /// <inheritdoc cref="IAttemptOwner.OnCompleted"/>
    public void OnCompleted(LaneMember member, Attempt attempt, DeliveryOutcome outcome)
    {
        Attempt? next;
        bool settle;
        bool quiet;
        lock (_lock)
        {
            next = _state.Complete(member, attempt, outcome, out settle);
            quiet = _state.IsQuiet;
        }

        if (settle)
            _services.SettleLate(attempt, outcome);
        if (next is not null)
            _services.Gate.Enqueue(next);
        else if (quiet)
            _services.Quiet(this);
    }

    /// <summary>Called by its state, under the lock: the rows have to be read again.</summary>
    public void NeedMembers_NeedsLock()
    {
        if (_state.NeedMembers())
            _services.Outdated.Enqueue(this);
    }

    /// <summary>Called by its state, under the lock: an entry is not in memory.</summary>
    public void BeginReading_NeedsLock(long sequence) => _ = ReadEntryAsync(sequence);

    private async Task ReadEntryAsync(long sequence)
    {
        // Not under the lock we were called with.
        await Task.Yield();
        List<Attempt> attempts = [];
        try
        {
            var entry = await _services.Entries.LoadAsync(_lane.TopicId, sequence, CancellationToken.None);
            lock (_lock)
            {
                _state.EndReading(sequence, entry);
                _state.AdvanceAll(attempts);
            }
        }
#pragma warning disable CA1031 // The database is away: the run stays where it is and the next signal or save tries again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _services.EntryNotRead(e, _lane.TopicId, sequence);
            lock (_lock)
                _state.AbandonReading(sequence);
        }

        Follow(attempts, quiet: attempts.Count == 0);
    }

    private void Follow(IReadOnlyList<Attempt> attempts, bool quiet)
    {
        foreach (var attempt in attempts)
            _services.Gate.Enqueue(attempt);
        if (quiet)
            _services.Quiet(this);
    }
}
