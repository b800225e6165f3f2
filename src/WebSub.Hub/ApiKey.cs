namespace WebSub.Hub;

/// <summary>A caller's key.</summary>
/// <param name="Key">
/// The key as it is sent in <c>Authorization: Bearer KEY</c>, or <c>sha256:</c> followed by the 64 hexadecimal digits of its SHA-256, so
/// that the settings need not hold the key itself.
/// </param>
public sealed record ApiKey(string Key)
{
    /// <summary>What the key allows.</summary>
    /// <value>Default: all scopes.</value>
    public IReadOnlyCollection<ApiScope> Scopes { get; init; } = [ApiScope.Publish, ApiScope.Read, ApiScope.Administer];

    /// <summary>A key with all scopes.</summary>
    public static implicit operator ApiKey(string key) => new(key);

    /// <summary>A key with all scopes.</summary>
    public static ApiKey FromString(string key) => new(key);

    /// <summary>Names the key's scopes, never the key.</summary>
    public override string ToString() => $"key for {string.Join(", ", Scopes)}";
}
