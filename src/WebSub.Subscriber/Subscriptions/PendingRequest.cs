using WebSub.Protocol;

namespace WebSub.Subscriber.Subscriptions;

/// <summary>The one subscribe or unsubscribe request that is under way. It is stored before it is sent (S31).</summary>
internal sealed record PendingRequest
{
    /// <summary>Distinguishes a response to this request from one to a request that has since been replaced.</summary>
    public required Guid Id { get; init; }

    public required string Mode { get; init; }

    public WebSubRequestState State { get; init; }

    /// <summary>Hub, topic, callback key and secret of the latest attempt; null before the first.</summary>
    public string? Hub { get; init; }

    public string? Topic { get; init; }

    public string? CallbackKey { get; init; }

    public string? CallbackUrl { get; init; }

    public string? Secret { get; init; }

    public long? LeaseSeconds { get; init; }

    public int ConnectAttempts { get; init; }

    public int HubErrorAttempts { get; init; }

    public int VerifyAttempts { get; init; }

    /// <summary>When to act next: send, send again, or stop waiting for the verification.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>When it was last sent; null if no hub knows of it.</summary>
    public DateTimeOffset? SentAt { get; init; }

    public int FailedAttempts => ConnectAttempts + HubErrorAttempts + VerifyAttempts;

    public bool IsSubscribe => Mode == HubModes.Subscribe;

    /// <summary>True while it is the hub's turn.</summary>
    public bool IsInFlight => State is WebSubRequestState.Sending or WebSubRequestState.Verifying;
}
