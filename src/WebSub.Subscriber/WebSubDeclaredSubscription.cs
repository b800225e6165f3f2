namespace WebSub.Subscriber;

/// <summary>A subscription that the app's code or configuration asks for.</summary>
/// <param name="Target">What to subscribe to.</param>
/// <param name="Handler">The name of its handler.</param>
/// <param name="Options">How to subscribe; null for the defaults.</param>
public sealed record WebSubDeclaredSubscription(WebSubTarget Target, string Handler, WebSubSubscribeOptions? Options = null);
