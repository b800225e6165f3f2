using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>What an operator has asked for.</summary>
internal sealed record ActionRow
{
    public long Id { get; init; }

    /// <summary>The name of a <see cref="HubActionKind"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The id or the origin, as it was given.</summary>
    public string Target { get; init; } = "";

    public TopicId? TopicId { get; init; }

    /// <summary>The callback of a subscription to the topic.</summary>
    public string? Callback { get; init; }

    /// <summary>The id of a subscription or a dead letter, or the first entry of a replay.</summary>
    public long? First { get; init; }

    /// <summary>The time at which a subscription was stored, in microseconds, or the last entry of a replay.</summary>
    public long? Last { get; init; }

    public string? Origin { get; init; }

    public DatabaseTime? CreatedFrom { get; init; }

    public DatabaseTime? CreatedTo { get; init; }

    public string? Reason { get; init; }

    public string RequestedBy { get; init; } = "";

    public DatabaseTime RequestedAt { get; init; }

    /// <summary>The last row that has been dealt with.</summary>
    public long Progress { get; init; }

    /// <summary>The last row that is concerned.</summary>
    public long Bound { get; init; }

    public HubActionKind ParsedKind => Enum.Parse<HubActionKind>(Kind);
}
