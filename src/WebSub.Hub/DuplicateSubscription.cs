namespace WebSub.Hub;

/// <summary>What happens when an active predicate subscription is requested again.</summary>
public enum DuplicateSubscription
{
    /// <summary>It is renewed with a new lease and secret: 202.</summary>
    Renew,

    /// <summary>The request is refused: 409.</summary>
    Conflict,
}
