using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>An entry that was given up for one subscription.</summary>
internal sealed record DeadLetter(
    TopicId TopicId,
    SubscriptionId SubscriptionId,
    string Callback,
    long Sequence,
    long Attempts,
    int? Status,
    string? Error
)
{
    /// <summary>Why what the log does not keep any more is given up (rule 29).</summary>
    public const string Pruned = "Removed from the log before it was delivered (WebSub:Hub:History:MaxBacklog).";

    public static DeadLetter Of(SubscriptionRow row, long sequence, long attempts, FailedAttempt failure) =>
        new(row.TopicId, row.Id, row.Callback, sequence, attempts, failure.Status, failure.Error);
}
