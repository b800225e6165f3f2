using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>One published update on its way into the database.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="ContentType">The content's type, if there is content.</param>
/// <param name="Content">The content for hubs that take it; null for a ping.</param>
/// <param name="TraceParent">The trace that the update belongs to (W3C Trace Context), or null.</param>
/// <param name="PublishedAt">When it was published.</param>
internal sealed record PendingPing(string Topic, string? ContentType, byte[]? Content, string? TraceParent, DatabaseTime PublishedAt)
{
    /// <summary>An update that hubs fetch.</summary>
    public static PendingPing WithoutContent(string topic, string? traceParent, DatabaseTime publishedAt) =>
        new(topic, null, null, traceParent, publishedAt);
}
