namespace WebSub.Hub;

/// <summary>A caller's key, as its operator sees it: never the key itself.</summary>
public sealed record HubKey
{
    /// <summary>Its name, which is in the audit log for what it does. No other key ever has it.</summary>
    public required string Name { get; init; }

    /// <summary>What it allows.</summary>
    public required IReadOnlyList<ApiScope> Scopes { get; init; }

    /// <summary>True for a key of the settings (<c>WebSub:Administration:ApiKeys</c>): it can be disabled only there.</summary>
    public bool IsConfigured { get; init; }

    /// <summary>The name of the key that created it, or <c>local</c>; null for a key of the settings.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last used, to within a minute; null if it has not been, and for a key of the settings.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The name of the key that disabled it, or <c>local</c>.</summary>
    public string? DisabledBy { get; init; }

    /// <summary>When it was disabled; null while it is valid.</summary>
    public DateTimeOffset? DisabledAt { get; init; }
}
