using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>What is known of a topic and a callback at one moment.</summary>
internal sealed record ExplainedPair
{
    public required string Topic { get; init; }

    public required string Callback { get; init; }

    public DatabaseTime Now { get; init; }

    /// <summary>Null if the hub does not know it.</summary>
    public HubTopic? KnownTopic { get; init; }

    /// <summary>A topic that the hub knows and that differs in its scheme or its last slash only.</summary>
    public string? SimilarTopic { get; init; }

    /// <summary>Set if it is a topic of messages.</summary>
    public ExplainedMessages? Messages { get; init; }

    public HubSubscription? Subscription { get; init; }

    public HubRequest? Request { get; init; }

    public Ending? Ending { get; init; }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<HubDeadLetter> DeadLetters { get; init; } = [];

    /// <summary>When the topic's newest entry was published.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When the cursor of the subscription's lane was last saved.</summary>
    public DateTimeOffset? SavedAt { get; init; }
}
