namespace WebSub.Hub;

/// <summary>What happened to a subscription of the hub.</summary>
public enum WebSubHubChangeKind
{
    /// <summary>A subscribe request is verified, or needed no verification: the subscription began, or goes on with a new lease.</summary>
    Subscribed,

    /// <summary>An unsubscribe request is verified, or needed no verification: the subscription, if there was one, has ended.</summary>
    Unsubscribed,

    /// <summary>The callback did not confirm a request (§5.3): nothing changed.</summary>
    NotConfirmed,

    /// <summary>A request was refused after its 202, and the callback has been told (§5.2).</summary>
    Denied,

    /// <summary>The hub ended the subscription: <see cref="IWebSubHub.RevokeAsync"/>. The callback is told.</summary>
    Revoked,

    /// <summary>Its lease has ended and it was removed.</summary>
    Expired,

    /// <summary>The callback answered 410, which ends the subscription.</summary>
    Gone,

    /// <summary>An update was given up: its delivery failed for too long. The subscription goes on.</summary>
    UpdateGivenUp,
}
