namespace WebSub.Hub;

/// <summary>A caller's key.</summary>
/// <param name="Key">
/// What is sent as <c>Authorization: Bearer KEY</c>; or <c>sha256:</c> and the 64 hexadecimal digits of its SHA-256, so that the setting
/// does not hold the key itself.
/// </param>
public sealed record ApiKey(string Key)
{
    /// <summary>What the key is for.</summary>
    /// <value>Default: everything.</value>
    public IReadOnlyCollection<ApiScope> Scopes { get; init; } = [ApiScope.Publish, ApiScope.Read, ApiScope.Administer];

    /// <summary>A key for everything.</summary>
    public static implicit operator ApiKey(string key) => new(key);

    /// <summary>A key for everything.</summary>
    public static ApiKey FromString(string key) => new(key);

    /// <summary>Says what the key is for, never the key.</summary>
    public override string ToString() => $"key for {string.Join(", ", Scopes)}";
}
