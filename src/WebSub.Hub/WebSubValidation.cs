namespace WebSub.Hub;

/// <summary>A validator's decision.</summary>
public abstract record WebSubValidation
{
    private WebSubValidation() { }

    /// <summary>Accepts the request: the hub goes on to verify the subscriber's intent.</summary>
    public static WebSubValidation Accept { get; } = new Accepted(Verified: false);

    /// <summary>
    /// Accepts the request without asking the subscriber, because the caller is trusted by other means. This deviates from W3C WebSub §5.3,
    /// which requires every request to be verified.
    /// </summary>
    public static WebSubValidation AcceptWithoutVerification { get; } = new Accepted(Verified: true);

    /// <summary>
    /// Denies the request: it is answered 202, then <c>hub.mode=denied</c> is sent to the callback with the reason (§5.2).
    /// </summary>
    public static WebSubValidation Deny(string? reason = null) => new Denied(reason);

    /// <summary>Refuses the request outright, with a sentence in text/plain (§5.1.2).</summary>
    /// <param name="reason">What is wrong, for the caller.</param>
    /// <param name="status">A 4xx or 5xx status.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is not an error.</exception>
    public static WebSubValidation Refuse(string reason, int status = StatusCodes.Status403Forbidden)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return new Refused(reason, status);
    }

    /// <summary>Redirects the subscriber to another hub: 307, or 308 if permanently (§5.1.2).</summary>
    /// <param name="hub">The other hub's URL, which must be absolute.</param>
    /// <param name="permanent">True for 308.</param>
    /// <exception cref="ArgumentException">The URL is not absolute.</exception>
    public static WebSubValidation Redirect(Uri hub, bool permanent = false)
    {
        ArgumentNullException.ThrowIfNull(hub);
        return hub.IsAbsoluteUri
            ? new Redirected(hub, permanent)
            : throw new ArgumentException("The other hub's URL must be absolute.", nameof(hub));
    }

    internal sealed record Accepted(bool Verified) : WebSubValidation;

    internal sealed record Denied(string? Reason) : WebSubValidation;

    internal sealed record Refused(string Reason, int Status) : WebSubValidation;

    internal sealed record Redirected(Uri Hub, bool Permanent) : WebSubValidation;
}
