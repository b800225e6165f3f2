namespace WebSub.Hub;

/// <summary>Which subscriptions to list; what is null does not matter.</summary>
/// <param name="Topic">The topic, byte for byte.</param>
/// <param name="Host">The host of the callback.</param>
/// <param name="State">What it is doing.</param>
public sealed record HubSubscriptionFilter(string? Topic = null, string? Host = null, HubSubscriptionState? State = null);
