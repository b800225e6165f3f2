using WebSub.Discovery;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Publishing;

/// <summary>What fetching a topic came to.</summary>
/// <param name="Error">Why there is no content, in words; null if the fetch succeeded.</param>
/// <param name="Body">The content; null if the topic answered "not modified".</param>
/// <param name="ContentType">Its content type, verbatim.</param>
/// <param name="ETag">For the next conditional request.</param>
/// <param name="LastModified">For the next conditional request.</param>
internal sealed record FetchedTopic(
    string? Error,
    byte[]? Body = null,
    string? ContentType = null,
    string? ETag = null,
    string? LastModified = null
)
{
    /// <summary>What the topic advertises; null if it was not read anew.</summary>
    public ResourceLinks? Links { get; init; }

    /// <summary>What the topic advertises now: its self URL, and its hubs, one a line.</summary>
    public (string? Self, string? Hubs) LinksOf(TopicRow topic) =>
        Links is null ? (topic.SelfUrl, topic.Hubs) : (Links.Self, Links.Hubs.Count > 0 ? string.Join('\n', Links.Hubs) : null);

    /// <summary>True if the topic advertises something else than before.</summary>
    public bool ChangesLinksOf(TopicRow topic) => LinksOf(topic) != (topic.SelfUrl, topic.Hubs);
}
