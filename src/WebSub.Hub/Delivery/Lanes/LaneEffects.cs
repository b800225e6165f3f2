using Microsoft.Extensions.ObjectPool;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Delivery.Lanes;

/// <summary>
/// What a <see cref="LaneState"/> wants done because of an event; its <see cref="LaneRun"/> does it after the lock is left. Used again and
/// again: several are filled for each delivery.
/// </summary>
internal sealed class LaneEffects : IResettable
{
    /// <summary>Attempts to make.</summary>
    public List<Attempt> Attempts { get; } = [];

    /// <summary>Entries to read.</summary>
    public List<long> Entries { get; } = [];

    /// <summary>
    /// True if the members have to be read again: until then the cursor stays, since it might pass one that is not known.
    /// </summary>
    public bool ReadMembers { get; set; }

    /// <summary>Attempts of stragglers that ended after their departures were saved: each is settled under its row's own claim.</summary>
    public List<(Attempt Attempt, DeliveryOutcome Outcome)> Late { get; } = [];

    /// <summary>Attempts that ended during a save that did not happen: they are to be taken in once more.</summary>
    public List<(Attempt Attempt, DeliveryOutcome Outcome)> Again { get; } = [];

    /// <summary>Updates that were given up.</summary>
    public List<DeadLetter> GivenUp { get; } = [];

    /// <summary>Subscriptions whose callback answered 410.</summary>
    public List<(SubscriptionRow Row, string? Reason)> Gone { get; } = [];

    /// <summary>Subscriptions whose departure is saved: they go on by themselves.</summary>
    public List<(SubscriptionRow Row, string? Reason)> Departed { get; } = [];

    /// <summary>Rows that cannot be used.</summary>
    public List<(SubscriptionRow Row, Exception Reason)> Unusable { get; } = [];

    /// <summary>What to save; null if there is nothing, and the run goes on.</summary>
    public LaneSave? Save { get; set; }

    /// <summary>True if the attempt that has a place may be sent.</summary>
    public bool MayStart { get; set; }

    /// <summary>True if only a save brings the run on, or to its end.</summary>
    public bool IsQuiet { get; set; }

    /// <summary>True if the run is over.</summary>
    public bool HasEnded { get; set; }

    /// <inheritdoc/>
    public bool TryReset()
    {
        Attempts.Clear();
        Entries.Clear();
        Late.Clear();
        Again.Clear();
        GivenUp.Clear();
        Gone.Clear();
        Departed.Clear();
        Unusable.Clear();
        Save = null;
        ReadMembers = MayStart = IsQuiet = HasEnded = false;
        return true;
    }
}
