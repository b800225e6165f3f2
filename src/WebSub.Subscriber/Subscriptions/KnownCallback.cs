namespace WebSub.Subscriber.Subscriptions;

/// <summary>A callback that a hub was told of by other means.</summary>
/// <param name="Handler">The name of its handler.</param>
/// <param name="Target">The topic, and the hub if it is known.</param>
/// <param name="CallbackUrl">The URL that the hub was given; null means public URL, prefix and handler name.</param>
/// <param name="Secret">What deliveries are signed with; null if they are not.</param>
internal sealed record KnownCallback(string Handler, WebSubTarget Target, string? CallbackUrl, string? Secret);
