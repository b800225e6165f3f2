namespace WebSub.Hub.Storage;

/// <summary>A subscription that was removed.</summary>
internal sealed record EndedSubscription
{
    public long LaneId { get; init; }

    public long TopicId { get; init; }

    public string Callback { get; init; } = "";
}
