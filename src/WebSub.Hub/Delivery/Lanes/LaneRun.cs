using System.Diagnostics;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>
/// A lane while it is being delivered: the lock around its <see cref="LaneState"/>. What happens to it, from its service and from the gate,
/// is applied one at a time; what follows from it is done after the lock is left.
/// </summary>
internal sealed class LaneRun : IAttemptOwner
{
    private readonly Lock _lock = new();
    private readonly LaneRow _lane;
    private readonly LaneSurroundings _surroundings;
    private readonly LaneState _state;
    private long _claimedAt;

    /// <param name="lane">The lane as it was claimed.</param>
    /// <param name="claimedAt">The time stamp since when it is claimed.</param>
    /// <param name="surroundings">What its effects are carried out with.</param>
    public LaneRun(LaneRow lane, Timestamp claimedAt, LaneSurroundings surroundings)
    {
        (_lane, _claimedAt, _surroundings) = (lane, claimedAt.Ticks, surroundings);
        _state = new(lane, surroundings.Options, this);
    }

    public LaneId LaneId => _lane.Id;

    public TopicId TopicId => _lane.TopicId;

    /// <summary>The activity of the run; null if there is no listener.</summary>
    public Activity? Trace { get; init; }

    /// <inheritdoc/>
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

    /// <summary>True if it goes on and its members have to be read again (rule 10).</summary>
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
    /// <param name="loaded">The members.</param>
    /// <param name="entries">Entries that were read along.</param>
    /// <param name="readAt">When the reading began.</param>
    public void Load(LoadedLane loaded, IEnumerable<LogEntry> entries, DatabaseTime readAt) =>
        Apply(LaneEvent.Loaded(loaded, entries, readAt));

    /// <summary>The claim lasts from this time stamp on: it was renewed.</summary>
    public void Claimed(Timestamp timestamp) => Volatile.Write(ref _claimedAt, timestamp.Ticks);

    /// <summary>Another node has the lane: nothing more is sent or saved.</summary>
    public void End() => Apply(LaneEvent.Lost);

    /// <summary>Tells of newer entries.</summary>
    public void HeadMoved(long head) => Apply(LaneEvent.HeadMoved(head));

    /// <summary>The rows have a newer version than the run has read.</summary>
    public void MembersChanged() => Apply(LaneEvent.MembersChanged);

    /// <summary>What there is to save now; null if nothing has changed since the last save and the run goes on.</summary>
    public LaneSave? BeginSave(bool othersWait) => Apply(LaneEvent.SaveBegins(othersWait)).Save;

    /// <summary>Goes on after a save. Returns false if the run is over: it was released, or another node has the lane.</summary>
    public bool EndSave(LaneSave save, LaneSaved saved) => !Apply(LaneEvent.SaveEnded(save, saved)).HasEnded;

    /// <summary>A save that did not happen: the same is saved with the next one.</summary>
    public void AbandonSave() => Apply(LaneEvent.SaveFailed);

    /// <inheritdoc/>
    public bool MayStart(Attempt attempt) =>
        Apply(LaneEvent.Placed(attempt, _surroundings.Covers(new(Volatile.Read(ref _claimedAt))))).MayStart;

    /// <inheritdoc/>
    public void OnStraggling(Attempt attempt) => Apply(LaneEvent.Straggled(attempt));

    /// <inheritdoc/>
    public void OnNoPlace(Attempt attempt) => Apply(LaneEvent.Refused(attempt));

    /// <inheritdoc/>
    public void OnCompleted(Attempt attempt, DeliveryOutcome outcome) => Apply(LaneEvent.Completed(attempt, outcome));

    private (bool MayStart, LaneSave? Save, bool HasEnded) Apply(in LaneEvent happened)
    {
        var at = happened with { Now = _surroundings.Now, Chance = _surroundings.Chance };
        var effects = _surroundings.Effects.Get();
        lock (_lock)
            _state.Apply(at, effects);

        var answer = (effects.MayStart, effects.Save, effects.HasEnded);
        _surroundings.CarryOut(effects, _lane);
        foreach (var sequence in effects.Entries)
            _ = ReadEntryAsync(sequence);
        foreach (var (attempt, outcome) in effects.Again)
            OnCompleted(attempt, outcome);
        _surroundings.Effects.Return(effects);
        return answer;
    }

    private async Task ReadEntryAsync(long sequence)
    {
        LogEntry? entry;
        try
        {
            entry = await _surroundings.ReadEntryAsync(_lane.TopicId, sequence);
        }
#pragma warning disable CA1031 // The database is away: the run stays where it is and the next signal or save tries again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _surroundings.EntryNotRead(e, _lane.TopicId, sequence);
            Apply(LaneEvent.EntryNotRead(sequence));
            return;
        }

        Apply(LaneEvent.EntryRead(sequence, entry));
    }
}
