namespace WebSub.Hub.Administration;

/// <summary>The answer to the creation of a key.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">The key itself, for the only time.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="CreatedBy">The name of the key that created it, or <c>local</c>.</param>
/// <param name="CreatedAt">When it was created.</param>
internal sealed record CreatedKey(string Name, string Key, IReadOnlyList<ApiScope> Scopes, string? CreatedBy, DateTimeOffset? CreatedAt)
{
    public static CreatedKey From(HubNewKey created)
    {
        var description = created.Description;
        return new(description.Name, created.Key, description.Scopes, description.CreatedBy, description.CreatedAt);
    }
}
