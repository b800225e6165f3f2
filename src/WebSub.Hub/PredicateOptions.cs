namespace WebSub.Hub;

/// <summary>How the predicate Subscriptions API behaves: <c>WebSub:Predicates</c>.</summary>
public sealed class PredicateOptions
{
    /// <summary>Which subscribers are asked to confirm before a subscription begins or ends.</summary>
    /// <value>Default: <see cref="PredicateVerification.Auto"/>.</value>
    public PredicateVerification VerifyIntent { get; set; } = PredicateVerification.Auto;

    /// <summary>What happens when an active subscription is requested again.</summary>
    /// <value>Default: <see cref="DuplicateSubscription.Renew"/>.</value>
    public DuplicateSubscription Duplicate { get; set; } = DuplicateSubscription.Renew;

    /// <summary>
    /// The most predicates one callback may subscribe to. A request over the limit is answered 403; one that was accepted before the limit
    /// was reached is denied.
    /// </summary>
    /// <value>Default: 1000.</value>
    public long MaxPerCallback { get; set; } = 1000;

    /// <summary>
    /// How many days a message can be read and its status changed, counted from its arrival or its last change of status.
    /// </summary>
    /// <value>Default: 90.</value>
    public long MessageDays { get; set; } = 90;
}
