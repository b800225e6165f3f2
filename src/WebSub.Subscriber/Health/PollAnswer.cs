namespace WebSub.Subscriber.Health;

/// <summary>What a topic answered to a poll.</summary>
/// <param name="Hash">The hash of its content; null if it has not changed since the validators were given (304).</param>
/// <param name="ETag">The <c>ETag</c> header.</param>
/// <param name="LastModified">The <c>Last-Modified</c> header.</param>
internal sealed record PollAnswer(string? Hash, string? ETag, string? LastModified);
