namespace WebSub.Hub;

/// <summary>How the predicate Subscriptions API behaves: <c>WebSub:Predicates</c>.</summary>
public sealed class PredicateOptions
{
    /// <summary>Whose subscriptions are verified before they begin and end.</summary>
    /// <value>Default: <see cref="PredicateVerification.Auto"/>.</value>
    public PredicateVerification VerifyIntent { get; set; } = PredicateVerification.Auto;

    /// <summary>What subscribing again does.</summary>
    /// <value>Default: <see cref="DuplicateSubscription.Renew"/>.</value>
    public DuplicateSubscription Duplicate { get; set; } = DuplicateSubscription.Renew;

    /// <summary>
    /// The most predicates one callback is subscribed to. One more is refused with 403; who was accepted and comes too late is told it is
    /// denied.
    /// </summary>
    /// <value>Default: 1000.</value>
    public long MaxPerCallback { get; set; } = 1000;

    /// <summary>How long a message can be read and its status changed, in days since it came or its status last changed.</summary>
    /// <value>Default: 90.</value>
    public long MessageDays { get; set; } = 90;
}
