namespace WebSub.Hub;

/// <summary>Which dead letters; what is null does not matter.</summary>
/// <param name="Topic">The topic, byte for byte.</param>
/// <param name="Origin">The origin of the callback, as in <c>https://subscriber.example</c>.</param>
/// <param name="From">Given up at this time or later.</param>
/// <param name="To">Given up before this time.</param>
/// <param name="Subscription">Of the topic and the callback of the subscription with this id.</param>
public sealed record HubDeadLetterFilter(
    string? Topic = null,
    string? Origin = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Subscription = null
);
