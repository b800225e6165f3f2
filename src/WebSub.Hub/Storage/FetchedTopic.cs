using WebSub.Discovery;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>The result of fetching a topic.</summary>
internal sealed record FetchedTopic
{
    /// <summary>Why there is no content, as a sentence; null if the fetch succeeded.</summary>
    public string? Error { get; private init; }

    /// <summary>What the topic answered, if the fetch succeeded.</summary>
    public int? Status { get; init; }

    /// <summary>The content; null if the topic answered "not modified".</summary>
    public byte[]? Body { get; init; }

    /// <summary>The room that the content takes in memory, given back once it is stored; null if it takes little.</summary>
    public IDisposable? Room { get; init; }

    /// <summary>The content type, verbatim.</summary>
    public string? ContentType { get; init; }

    /// <summary>How long the topic's server asks us to wait; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>For the next conditional request; null if none can prove that nothing has changed.</summary>
    public string? ETag { get; init; }

    /// <summary>The URL that gave it.</summary>
    public string? ETagUrl { get; init; }

    /// <summary>Set if it is from a cache that did not ask the topic's server, although it was told to.</summary>
    public CachedAnswer? Cached { get; init; }

    /// <summary>What the topic advertises; null if it was not read again.</summary>
    public ResourceLinks? Links { get; init; }

    /// <summary>Elements and attributes that were read to find <see cref="Links"/>.</summary>
    public int Nodes { get; init; }

    /// <summary>What the topic advertises: its self URL and its hubs, one per line.</summary>
    public (string? Self, string? Hubs) LinksOf(TopicRow topic) =>
        Links is null ? (topic.SelfUrl, topic.Hubs) : (Links.Self, Links.Hubs.Count > 0 ? string.Join('\n', Links.Hubs) : null);

    /// <summary>True if the topic advertises something different from before.</summary>
    public bool ChangesLinksOf(TopicRow topic) => LinksOf(topic) != (topic.SelfUrl, topic.Hubs);

    /// <summary>A failed fetch, and the reason.</summary>
    public static FetchedTopic Failed(string error, TimeSpan? retryAfter = null) => new() { Error = error, RetryAfter = retryAfter };

    /// <summary>The topic has not changed since the last fetch.</summary>
    public static FetchedTopic NotModified(TopicRow topic, CachedAnswer? cached) =>
        new()
        {
            Status = 304,
            ETag = topic.Etag,
            ETagUrl = topic.EtagUrl,
            Cached = cached,
        };
}
