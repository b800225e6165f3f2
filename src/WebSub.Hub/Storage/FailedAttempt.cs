namespace WebSub.Hub.Storage;

/// <summary>What is kept of an attempt that failed.</summary>
/// <param name="Status">The callback's status, if it answered.</param>
/// <param name="Error">What went wrong, in words.</param>
/// <param name="SpeaksOfPayload">True for a status that is about what was sent: the same will hardly be taken later (rule 22).</param>
/// <param name="AsksForPause">True if the callback said when to come back.</param>
/// <param name="Duration">How long it took.</param>
internal readonly record struct FailedAttempt(
    int? Status,
    string? Error,
    bool SpeaksOfPayload = false,
    bool AsksForPause = false,
    TimeSpan Duration = default
);
