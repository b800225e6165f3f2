namespace WebSub.Hub.Storage;

/// <summary>How an attempt of a subscription that is behind ended.</summary>
/// <param name="Id">The subscription.</param>
/// <param name="Epoch">The claim it was made under.</param>
/// <param name="Position">The last entry it has had, or that was given up.</param>
/// <param name="Attempts">Failed attempts of the next entry.</param>
/// <param name="Due">When to try again; null when there is nothing to retry.</param>
/// <param name="AttemptAt">When the attempt began; null when none was made.</param>
/// <param name="Status">The callback's status, if it failed with one.</param>
/// <param name="Error">What went wrong, in words.</param>
/// <param name="DeadLetter">The entry that was given up, if one was.</param>
internal sealed record BehindSave(
    long Id,
    long Epoch,
    long Position,
    long Attempts,
    long? Due,
    long? AttemptAt,
    int? Status,
    string? Error,
    DeadLetter? DeadLetter
)
{
    /// <summary>How many of the failed attempts were answered with a failure that is about the content.</summary>
    public long Answered { get; init; }

    /// <summary>
    /// The version of the row that the attempt was made with; an answer to what the subscription is no longer does not count (rule 11).
    /// </summary>
    public long? Version { get; init; }

    /// <summary>Before this no attempt is made, whatever else would cause one: the subscriber asked for a pause.</summary>
    public long? NotBefore { get; init; }

    /// <summary>
    /// The topic's newest sequence when the attempt was claimed: a newer one that came meanwhile causes a try soon (rule 22).
    /// </summary>
    public long? HeadAtClaim { get; init; }
}
