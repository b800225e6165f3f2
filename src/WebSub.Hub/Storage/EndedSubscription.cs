using WebSub.Hub.Values;

namespace WebSub.Hub.Storage;

/// <summary>A subscription that was removed.</summary>
internal sealed record EndedSubscription
{
    public LaneId LaneId { get; init; }

    public TopicId TopicId { get; init; }

    public string Callback { get; init; } = "";
}
