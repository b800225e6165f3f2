namespace WebSub.Subscriber;

/// <summary>An inline handler's response to the hub.</summary>
public sealed record WebSubReply
{
    private WebSubReply(int statusCode) => StatusCode = statusCode;

    /// <summary>200: received (S22).</summary>
    public static WebSubReply Accept { get; } = new(200);

    /// <summary>
    /// 410: the subscription is no longer wanted (S23). It is ended here and, in case the hub ignores the 410, with an unsubscribe request.
    /// </summary>
    public static WebSubReply Gone { get; } = new(410);

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>An error status; the hub retries as it sees fit.</summary>
    /// <param name="statusCode">400 to 599.</param>
    public static WebSubReply Reject(int statusCode = 500)
    {
        if (statusCode is < 400 or > 599)
            throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode, "A rejection must have a status from 400 to 599.");
        return new(statusCode);
    }
}
