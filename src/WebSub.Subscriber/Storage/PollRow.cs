using WebSub.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Storage;

/// <summary>A row of <c>polls</c>.</summary>
internal sealed record PollRow
{
    public string SubscriptionId { get; init; } = "";

    public DatabaseTime Due { get; init; }

    /// <summary>In microseconds.</summary>
    public long Pause { get; init; }

    public string? Etag { get; init; }

    public string? LastModified { get; init; }

    public string? BodyHash { get; init; }

    public DatabaseTime? CheckedAt { get; init; }

    public DatabaseTime? FoundAt { get; init; }

    public static PollRow From(string subscriptionId, PollState state) =>
        new()
        {
            SubscriptionId = subscriptionId,
            Due = DatabaseTime.From(state.Due),
            Pause = DatabaseTime.LengthOf(state.Pause),
            Etag = StoredText.Clean(state.ETag),
            LastModified = StoredText.Clean(state.LastModified),
            BodyHash = state.Hash,
            CheckedAt = DatabaseTime.From(state.CheckedAt),
            FoundAt = DatabaseTime.From(state.FoundAt),
        };

    public PollState ToState() =>
        new()
        {
            Due = Due.ToMoment(),
            Pause = TimeSpan.FromMicroseconds(Pause),
            ETag = Etag,
            LastModified = LastModified,
            Hash = BodyHash,
            CheckedAt = CheckedAt?.ToMoment(),
            FoundAt = FoundAt?.ToMoment(),
        };
}
