using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>A subscription that steps out of its lane and goes on by itself.</summary>
internal sealed record LaneDeparture
{
    private LaneDeparture(SubscriptionRow row, long position) => (SubscriptionId, Callback, Position) = (row.Id, row.Callback, position);

    /// <summary>Who.</summary>
    public SubscriptionId SubscriptionId { get; }

    /// <summary>Its callback: SQLite gives the ids of subscriptions that are gone to new ones.</summary>
    public string Callback { get; init; }

    /// <summary>The last entry it has had.</summary>
    public long Position { get; }

    /// <summary>Failed attempts of the next one.</summary>
    public long Attempts { get; private init; }

    /// <summary>1 if the attempt was answered with a status that speaks of the payload.</summary>
    public long Answered { get; private init; }

    /// <summary>When it is tried again; while an attempt is in flight, when that has ended for sure (rule 20).</summary>
    public DatabaseTime Due { get; private init; }

    /// <summary>Before this no attempt is made, whatever else would cause one: the subscriber asked for a pause.</summary>
    public DatabaseTime? NotBefore { get; private init; }

    /// <summary>True if an attempt goes on: its outcome is saved under the epoch that this departure raises.</summary>
    public bool InFlight { get; private init; }

    /// <summary>The attempt that failed, as it is kept (<see cref="StoredFailures"/>); null if none did, or none has yet.</summary>
    public string? Failure { get; private init; }

    /// <summary>The callback's status, if it failed with one.</summary>
    public int? Status { get; private init; }

    /// <summary>What went wrong, in words.</summary>
    public string? Error { get; private init; }

    /// <summary>Its attempt goes on, but the lane does not wait for it any longer (rule 14).</summary>
    /// <param name="row">The subscription.</param>
    /// <param name="position">The last entry it has had.</param>
    /// <param name="until">When the attempt has ended for sure.</param>
    /// <param name="why">The reason, in words.</param>
    public static LaneDeparture Straggling(SubscriptionRow row, long position, DatabaseTime until, string why) =>
        new(row, position)
        {
            Due = until,
            InFlight = true,
            Error = why,
        };

    /// <summary>Its attempt failed.</summary>
    /// <param name="row">The subscription.</param>
    /// <param name="position">The last entry it has had.</param>
    /// <param name="attempts">Failed attempts of the next one that count.</param>
    /// <param name="due">When it is tried again.</param>
    /// <param name="failure">What its callback answered, and what that means.</param>
    /// <param name="kept">The attempt as it is kept.</param>
    public static LaneDeparture Failed(
        SubscriptionRow row,
        long position,
        long attempts,
        DatabaseTime due,
        FailedAttempt failure,
        string kept
    ) =>
        new(row, position)
        {
            Failure = kept,
            Attempts = attempts,
            Answered = failure.SpeaksOfPayload ? 1 : 0,
            Due = due,
            NotBefore = failure.AsksForPause ? due : null,
            Status = failure.Status,
            Error = failure.Error,
        };

    /// <summary>Nothing was sent, and nothing counts against it (rule 16).</summary>
    /// <param name="row">The subscription.</param>
    /// <param name="position">The last entry it has had.</param>
    /// <param name="due">When it is tried.</param>
    /// <param name="why">The reason, in words.</param>
    public static LaneDeparture Unattempted(SubscriptionRow row, long position, DatabaseTime due, string why) =>
        new(row, position) { Due = due, Error = why };
}
