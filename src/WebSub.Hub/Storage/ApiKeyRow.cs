using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>A stored key.</summary>
internal sealed record ApiKeyRow
{
    public long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The SHA-256 of the key.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Names of <see cref="ApiScope"/>, with commas between them.</summary>
    public required string Scopes { get; init; }

    public required string CreatedBy { get; init; }

    public DatabaseTime CreatedAt { get; init; }

    public DatabaseTime? LastUsedAt { get; init; }

    public string? DisabledBy { get; init; }

    public DatabaseTime? DisabledAt { get; init; }

    public IReadOnlyList<ApiScope> ParsedScopes => [.. Scopes.Split(',').Select(Enum.Parse<ApiScope>)];
}
