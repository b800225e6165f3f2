namespace WebSub.Predicates;

/// <summary>A subscription at a predicate API.</summary>
/// <param name="Topic">The dotted topic: it and everything below it; see <see cref="PredicateTopic"/>.</param>
/// <param name="Callback">Where to deliver.</param>
public sealed record PredicateSubscription(string Topic, string Callback)
{
    /// <summary>The lease, in seconds: an hour to 365 days.</summary>
    /// <value>Default: null, which means 5 days.</value>
    public long? LeaseSeconds { get; init; }

    /// <summary>The key of the deliveries' signatures, at most 199 bytes of UTF-8.</summary>
    /// <value>Default: null, which asks for unsigned deliveries.</value>
    public string? Secret { get; init; }

    /// <summary>Leaves the secret out, so that a subscription can be logged.</summary>
    public override string ToString() => $"{Topic} for {Callback}";
}
