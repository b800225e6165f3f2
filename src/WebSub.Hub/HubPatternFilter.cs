namespace WebSub.Hub;

/// <summary>Which predicate subscriptions; what is null does not matter.</summary>
/// <param name="Callback">Those of this callback, byte for byte.</param>
/// <param name="Predicate">Those that would get a message with this predicate, such as <c>UN.CEFACT.Trade</c>.</param>
/// <param name="SubscriptionId">Those that share this subscription.</param>
public sealed record HubPatternFilter(string? Callback = null, string? Predicate = null, string? SubscriptionId = null);
