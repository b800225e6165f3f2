using WebSub.Hub.Storage;

namespace WebSub.Hub.Streaming;

/// <summary>Streams a topic's entries. While it does, for hours, nothing of how it came to that is kept in memory.</summary>
/// <param name="streams">Runs it.</param>
/// <param name="place">The client's place, given back in the end.</param>
/// <param name="url">The topic.</param>
/// <param name="topic">What is stored of it.</param>
/// <param name="position">The last sequence that the client has.</param>
internal sealed class EventStreamResult(EventStreams streams, IDisposable place, string url, ReadTopic topic, long position) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (place)
            await streams.RunAsync(httpContext, url, topic, position);
    }
}
