namespace WebSub.Hub;

/// <summary>A topic as its operator sees it.</summary>
public sealed record HubTopic
{
    /// <summary>
    /// What the URLs of topics begin with that carry the messages of predicate subscriptions. They are in no list of topics, but
    /// subscriptions, lanes and dead letters name them.
    /// </summary>
    public const string OfMessages = "urn:websub:messages:";

    /// <summary>The first part of its delivery ids.</summary>
    public required string Id { get; init; }

    /// <summary>The topic, byte for byte.</summary>
    public required string Url { get; init; }

    /// <summary>True if it was registered.</summary>
    public bool IsRegistered { get; init; }

    /// <summary>The sequence of its newest entry; 0 before the first.</summary>
    public long Head { get; init; }

    /// <summary>How many subscriptions it has.</summary>
    public long Subscriptions { get; init; }

    /// <summary>True while an operator has paused its deliveries.</summary>
    public bool IsPaused { get; init; }

    /// <summary>When it was first heard of.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its newest entry was stored; null before the first.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When it was last pinged.</summary>
    public DateTimeOffset? PingedAt { get; init; }

    /// <summary>When it was last fetched.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>When it is fetched next; null if nothing is waiting to be fetched.</summary>
    public DateTimeOffset? FetchDue { get; init; }

    /// <summary>Failed fetches since the last that succeeded.</summary>
    public long FetchFailures { get; init; }

    /// <summary>What went wrong with the last fetch; null if nothing did.</summary>
    public string? FetchError { get; init; }

    /// <summary>What the publisher answered to the last fetch; null if it failed, or there was none yet.</summary>
    public int? FetchStatus { get; init; }

    /// <summary>The entry that the last fetch has found, if it is the newest; null if nothing had changed.</summary>
    public long? FetchedSequence { get; init; }
}
