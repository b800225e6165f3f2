using WebSub.Discovery;

namespace WebSub.Hub.Publishing;

/// <summary>What fetching a topic came to.</summary>
/// <param name="Error">Why there is no content, in words; null if the fetch succeeded.</param>
/// <param name="Body">The content; null if the topic answered "not modified".</param>
/// <param name="ContentType">Its content type, verbatim.</param>
/// <param name="ETag">For the next conditional request.</param>
/// <param name="LastModified">For the next conditional request.</param>
internal sealed record FetchedTopic(string? Error, byte[]? Body = null, string? ContentType = null, string? ETag = null, string? LastModified = null)
{
    /// <summary>What the topic advertises; null if it was not read anew.</summary>
    public ResourceLinks? Links { get; init; }
}
