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
    public static DeadLetter Of(SubscriptionRow row, long sequence, long attempts, FailedAttempt failure) =>
        new(row.TopicId, row.Id, row.Callback, sequence, attempts, failure.Status, failure.Error);
}
