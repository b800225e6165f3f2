namespace WebSub.Hub;

/// <summary>What subscribing to a predicate again does while the subscription runs.</summary>
public enum DuplicateSubscription
{
    /// <summary>It renews: new lease, new secret, 202.</summary>
    Renew,

    /// <summary>It is refused: 409.</summary>
    Conflict,
}
