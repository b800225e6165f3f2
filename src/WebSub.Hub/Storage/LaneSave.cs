using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>What one run has to save of its lane.</summary>
internal sealed record LaneSave
{
    public required LaneId LaneId { get; init; }

    public required long Epoch { get; init; }

    public required long Cursor { get; init; }

    /// <summary>True gives the claim back with this save.</summary>
    public required bool Release { get; init; }

    public IReadOnlyList<LaneDeparture> Departures { get; init; } = [];

    public IReadOnlyList<DeadLetter> DeadLetters { get; init; } = [];

    /// <summary>Subscriptions whose callback answered 410, and the last entry that each has had.</summary>
    public IReadOnlyList<(SubscriptionId SubscriptionId, string Callback, long Position)> Gone { get; init; } = [];

    /// <summary>True if there is more to save than the cursor.</summary>
    public bool HasChanges => Departures.Count + DeadLetters.Count + Gone.Count > 0;
}
