using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>Entries that a subscription gets once more.</summary>
internal sealed record ReplayRow
{
    public long Id { get; init; }

    /// <summary>The action that asked for it: the number of the replay.</summary>
    public long ActionId { get; init; }

    public TopicId TopicId { get; init; }

    public string Callback { get; init; } = "";

    /// <summary>The dead letter that goes once it has been delivered; null for a replay.</summary>
    public long? DeadLetterId { get; init; }

    /// <summary>The next entry.</summary>
    public long Next { get; init; }

    /// <summary>The last one.</summary>
    public long Last { get; init; }

    /// <summary>Failed attempts of the next entry.</summary>
    public long Attempts { get; init; }

    public long Epoch { get; init; }

    /// <summary>The subscription as it is now; null if it has ended.</summary>
    public SubscriptionRow? Subscription { get; init; }

    /// <summary>True while a pause holds the subscription back.</summary>
    public bool IsPaused { get; init; }
}
