using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>What the next save of a run has to say besides the cursor: nothing, as long as every callback answers.</summary>
internal sealed class LaneChanges
{
    /// <summary>Who steps out; without a member if it never came in.</summary>
    public List<(LaneMember? Member, LaneDeparture Departure)> Departures { get; } = [];

    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Members whose callback answered 410.</summary>
    public List<LaneMember> Gone { get; } = [];

    public bool IsEmpty => Departures.Count + DeadLetters.Count + Gone.Count == 0;

    /// <summary>Takes back what could not be saved.</summary>
    public void AddBack(LaneChanges unsaved)
    {
        Departures.AddRange(unsaved.Departures);
        DeadLetters.AddRange(unsaved.DeadLetters);
        Gone.AddRange(unsaved.Gone);
    }
}
