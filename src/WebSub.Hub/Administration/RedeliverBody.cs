namespace WebSub.Hub.Administration;

/// <summary>Which dead letters are to be sent again; at least one of the first five says so.</summary>
/// <param name="Topic">Those of this topic.</param>
/// <param name="Origin">Those for this origin of callbacks.</param>
/// <param name="From">Those that were given up at this time or later.</param>
/// <param name="To">Those that were given up before this time.</param>
/// <param name="Subscription">Those of the topic and the callback of the subscription with this id.</param>
/// <param name="Reason">Why, for the audit log.</param>
internal sealed record RedeliverBody(
    string? Topic = null,
    string? Origin = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    string? Subscription = null,
    string? Reason = null
);
