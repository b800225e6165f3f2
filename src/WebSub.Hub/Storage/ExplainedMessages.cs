namespace WebSub.Hub.Storage;

/// <summary>What is known of a topic of messages, as a callback may get them.</summary>
internal sealed record ExplainedMessages
{
    /// <summary>The key of the topic that was asked for.</summary>
    public required string Key { get; init; }

    /// <summary>The callback's patterns, in the order of their keys.</summary>
    public required IReadOnlyList<PatternRow> Patterns { get; init; }
}
