namespace WebSub.Discovery;

/// <summary>A link that discovery found.</summary>
/// <param name="Url">The absolute URL; byte for byte as advertised if it was absolute already.</param>
/// <param name="Source">Where it stood.</param>
public sealed record DiscoveredLink(string Url, LinkSource Source);
