namespace WebSub.LoadTests;

/// <summary>What a callback subscribes to.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Callback">The receiver's URL for it.</param>
/// <param name="Secret">What deliveries to it are signed with.</param>
internal sealed record Subscription(string Topic, string Callback, string Secret);
