using System.Text.Json.Serialization;

namespace WebSub.Hub.Predicates;

/// <summary>A predicate subscription in a list.</summary>
/// <param name="Topic">The topic as given when subscribing.</param>
/// <param name="LeaseSeconds">The lease, in seconds.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="Signed">Whether deliveries are signed.</param>
internal sealed record SubscriptionItem(
    string Topic,
    [property: JsonPropertyName("lease_seconds")] long LeaseSeconds,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    bool Signed
);
