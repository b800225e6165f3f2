namespace WebSub.Subscriber.Health;

/// <summary>What a topic answered.</summary>
/// <param name="Body">Its bytes; null for 304, or if there is a fault.</param>
/// <param name="ContentType">Its content type.</param>
/// <param name="ContentEncoding">How the bytes are encoded; null if they are not.</param>
/// <param name="ETag">Its <c>ETag</c>.</param>
/// <param name="LastModified">Its <c>Last-Modified</c>.</param>
/// <param name="RetryAfter">How long it asks to be left alone.</param>
/// <param name="Fault">Why there is no content.</param>
internal sealed record TopicContent(
    byte[]? Body = null,
    string? ContentType = null,
    string? ContentEncoding = null,
    string? ETag = null,
    string? LastModified = null,
    TimeSpan? RetryAfter = null,
    string? Fault = null
);
