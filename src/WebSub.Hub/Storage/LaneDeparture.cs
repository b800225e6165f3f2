namespace WebSub.Hub.Storage;

/// <summary>A subscription that steps out of its lane and goes on by itself.</summary>
/// <param name="SubscriptionId">Who.</param>
/// <param name="Position">The last entry it has had.</param>
/// <param name="Attempts">Failed attempts of the next one.</param>
/// <param name="Due">When it is tried again; while an attempt is in flight, when that has ended for sure (rule 20).</param>
/// <param name="InFlight">True if an attempt goes on: its outcome is saved under the epoch that this departure raises.</param>
/// <param name="Status">The callback's status, if it failed with one.</param>
/// <param name="Error">What went wrong, in words.</param>
internal sealed record LaneDeparture(long SubscriptionId, long Position, long Attempts, long Due, bool InFlight, int? Status, string? Error)
{
    /// <summary>Its callback: SQLite gives the ids of subscriptions that are gone to new ones.</summary>
    public string? Callback { get; init; }

    /// <summary>1 if the attempt was answered with a failure that is about the content.</summary>
    public long Answered { get; init; }

    /// <summary>Before this no attempt is made, whatever else would cause one: the subscriber asked for a pause.</summary>
    public long? NotBefore { get; init; }
}
