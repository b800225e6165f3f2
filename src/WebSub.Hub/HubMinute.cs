namespace WebSub.Hub;

/// <summary>What the hub sent in a minute.</summary>
/// <param name="From">When it began.</param>
/// <param name="Delivered">Attempts that were accepted.</param>
/// <param name="Failed">Attempts that were not.</param>
/// <param name="MedianSeconds">How long ago half of what was delivered had been published, at most; null if nothing was.</param>
/// <param name="P99Seconds">The same for 99 of 100.</param>
public sealed record HubMinute(DateTimeOffset From, long Delivered, long Failed, double? MedianSeconds, double? P99Seconds);
