namespace WebSub.LoadTests;

/// <summary>A callback's subscription.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Callback">The receiver's URL for it.</param>
/// <param name="Secret">The key that signs deliveries to it.</param>
internal sealed record Subscription(string Topic, string Callback, string Secret);
