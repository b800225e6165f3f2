using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>A subscription that was removed.</summary>
internal sealed record EndedSubscription
{
    public SubscriptionId Id { get; init; }

    public LaneId LaneId { get; init; }

    public TopicId TopicId { get; init; }

    public string Callback { get; init; } = "";

    /// <summary>The last entry that it certainly had; 0 where nobody asks.</summary>
    public long Position { get; init; }

    public string? Delivery { get; init; }

    public string? Content { get; init; }

    public long FullUntil { get; init; }

    public DatabaseTime CreatedAt { get; init; }

    public DatabaseTime LeaseEnd { get; init; }

    public DatabaseTime? LastAttemptAt { get; init; }

    /// <summary>When its lane was last saved.</summary>
    public DatabaseTime? SavedAt { get; init; }
}
