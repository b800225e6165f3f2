using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>What is known of a topic and a callback at one moment.</summary>
internal sealed record ExplainedPair
{
    public required string Topic { get; init; }

    public required string Callback { get; init; }

    public DatabaseTime Now { get; init; }

    /// <summary>The number of the update that was asked for; null asks for the newest.</summary>
    public long? Asked { get; init; }

    /// <summary>Null if the hub does not know it.</summary>
    public HubTopic? KnownTopic { get; init; }

    /// <summary>True while the topic is being fetched.</summary>
    public bool IsFetching { get; init; }

    /// <summary>A topic that the hub knows and that differs in its scheme or its last slash only.</summary>
    public string? SimilarTopic { get; init; }

    /// <summary>Set if it is a topic of messages.</summary>
    public ExplainedMessages? Messages { get; init; }

    public HubSubscription? Subscription { get; init; }

    /// <summary>Set with the subscription.</summary>
    public ExplainedProgress? Progress { get; init; }

    public ExplainedRequest? Request { get; init; }

    public Ending? Ending { get; init; }

    /// <summary>The subscription that ended last, if how far it had come is known.</summary>
    public ExplainedPast? Past { get; init; }

    /// <summary>
    /// The newest update, or the one that was asked for; of messages, one that the topic covers and that came after the callback's pattern.
    /// Null if there is none.
    /// </summary>
    public ExplainedEntry? Update { get; init; }

    /// <summary>The newest dead letter that has this update.</summary>
    public HubDeadLetter? GivenUp { get; init; }

    /// <summary>What became of the dead letter that had this update, if there is one no more.</summary>
    public PastLetter? PastLetter { get; init; }

    /// <summary>Nothing is recorded of what was given up earlier.</summary>
    public DatabaseTime RecordedSince { get; init; }

    /// <summary>Some dead letters, the newest first.</summary>
    public IReadOnlyList<HubDeadLetter> DeadLetters { get; init; } = [];

    /// <summary>The callback's origin, if it answers this node nothing at the moment.</summary>
    public string? SilentOrigin { get; init; }
}
