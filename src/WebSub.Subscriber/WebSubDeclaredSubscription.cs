namespace WebSub.Subscriber;

/// <summary>A subscription declared in the app's code or configuration.</summary>
/// <param name="Target">What to subscribe to.</param>
/// <param name="Handler">The name of its handler.</param>
/// <param name="Options">How to subscribe; null for the defaults.</param>
public sealed record WebSubDeclaredSubscription(WebSubTarget Target, string Handler, WebSubSubscribeOptions? Options = null);
