using System.Security.Cryptography;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A resource of the site as it is now.</summary>
internal sealed record SiteResource(string ContentType, byte[] Body)
{
    /// <summary>The <c>Link</c> header, for resources whose body has no links.</summary>
    public string? Link { get; init; }

    public string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Body))[..16]}\"";
}
