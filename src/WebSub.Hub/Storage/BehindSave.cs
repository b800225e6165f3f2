using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>Where a subscription that is behind stands after an attempt, or after a look at what it would get next.</summary>
internal sealed record BehindSave
{
    private BehindSave(SubscriptionRow row, long position) => (Id, Epoch, Position) = (row.Id, row.Epoch, position);

    /// <summary>The subscription.</summary>
    public SubscriptionId Id { get; }

    /// <summary>The claim it was made under.</summary>
    public long Epoch { get; }

    /// <summary>The last entry it has had, or that was given up.</summary>
    public long Position { get; }

    /// <summary>Failed attempts of the next entry.</summary>
    public long Attempts { get; private init; }

    /// <summary>How many of them were answered with a status that speaks of the payload.</summary>
    public long Answered { get; private init; }

    /// <summary>When to try again; null when there is nothing to retry.</summary>
    public DatabaseTime? Due { get; private init; }

    /// <summary>Before this no attempt is made, whatever else would cause one: the subscriber asked for a pause.</summary>
    public DatabaseTime? NotBefore { get; private init; }

    /// <summary>When the attempt ended; null when none was made.</summary>
    public DatabaseTime? AttemptAt { get; private init; }

    /// <summary>The callback's status, if it failed with one.</summary>
    public int? Status { get; private init; }

    /// <summary>What went wrong, in words.</summary>
    public string? Error { get; private init; }

    /// <summary>The attempt as it is kept if it failed (<see cref="StoredFailures"/>); else null.</summary>
    public string? Failure { get; private init; }

    /// <summary>The entry that was given up, if one was.</summary>
    public DeadLetter? DeadLetter { get; private init; }

    /// <summary>
    /// The version of the row that the attempt was made with; an answer to what the subscription is no longer does not count (rule 11).
    /// </summary>
    public long? Version { get; private init; }

    /// <summary>
    /// The topic's newest sequence when the attempt was claimed: a newer one that came meanwhile causes a try soon (rule 22).
    /// </summary>
    public long? HeadAtClaim { get; private init; }

    /// <summary>It has had everything there is.</summary>
    public static BehindSave CaughtUp(SubscriptionRow row) => new(row, row.Position ?? row.Head);

    /// <summary>The entries up to this one are none of its business.</summary>
    public static BehindSave Skipped(SubscriptionRow row, long sequence) => new(row, sequence);

    /// <summary>The entry has been pruned, so it is not owed any more.</summary>
    public static BehindSave Pruned(SubscriptionRow row, long sequence) =>
        new(row, sequence) { DeadLetter = DeadLetter.Of(row, sequence, row.Attempts, new(null, DeadLetter.Pruned)) };

    /// <summary>The row cannot be used; nothing was sent.</summary>
    public static BehindSave Unusable(SubscriptionRow row, DatabaseTime due, string reason) =>
        new(row, row.Position ?? row.Head)
        {
            Attempts = row.Attempts,
            Answered = row.Answered,
            Due = due,
            Error = $"Its row cannot be used: {reason}",
        };

    /// <summary>It has had the entry.</summary>
    public static BehindSave Delivered(SubscriptionRow row, long sequence, DatabaseTime now) =>
        new(row, sequence) { AttemptAt = now, Version = row.Version };

    /// <summary>The attempt failed, and the entry is tried again.</summary>
    /// <param name="row">The row as it was claimed.</param>
    /// <param name="position">The last entry it has had.</param>
    /// <param name="sequence">The entry that was sent.</param>
    /// <param name="attempts">Failed attempts that count.</param>
    /// <param name="due">When it is tried again.</param>
    /// <param name="failure">What its callback answered.</param>
    /// <param name="pausedUntil">Until when the callback asked to be left alone; null if it did not.</param>
    /// <param name="now">When the attempt ended.</param>
    public static BehindSave Retry(
        SubscriptionRow row,
        long position,
        long sequence,
        long attempts,
        DatabaseTime due,
        FailedAttempt failure,
        DatabaseTime? pausedUntil,
        DatabaseTime now
    ) =>
        new(row, position)
        {
            Attempts = attempts,
            Answered = row.Answered + (failure.SpeaksOfPayload ? 1 : 0),
            Due = due,
            NotBefore = pausedUntil,
            AttemptAt = now,
            Status = failure.Status,
            Error = failure.Error,
            Failure = StoredFailures.Of(sequence, now, failure),
            Version = row.Version,
            HeadAtClaim = row.HeadAtClaim,
        };

    /// <summary>The attempt failed, and the entry is given up.</summary>
    /// <param name="row">The row as it was claimed.</param>
    /// <param name="sequence">The entry.</param>
    /// <param name="attempts">Failed attempts of it.</param>
    /// <param name="failure">What its callback answered.</param>
    /// <param name="now">When the attempt ended.</param>
    public static BehindSave GiveUp(SubscriptionRow row, long sequence, long attempts, FailedAttempt failure, DatabaseTime now) =>
        new(row, sequence)
        {
            AttemptAt = now,
            Status = failure.Status,
            Error = failure.Error,
            Failure = StoredFailures.Of(sequence, now, failure),
            DeadLetter = DeadLetter.Of(row, sequence, attempts, failure),
            Version = row.Version,
        };
}
