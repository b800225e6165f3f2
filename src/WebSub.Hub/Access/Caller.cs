namespace WebSub.Hub.Access;

/// <summary>Who sends a request.</summary>
/// <param name="IsLocal">From this machine, and through no proxy.</param>
/// <param name="KeyName">The name of the key it presented; null without one.</param>
/// <param name="HasWrongKey">It presented a key that we do not know.</param>
internal sealed record Caller(bool IsLocal, string? KeyName, bool HasWrongKey)
{
    /// <summary>What its key is for.</summary>
    public IReadOnlyCollection<ApiScope> Scopes { get; init; } = [];

    /// <summary>The host app's own authorization policy lets it publish.</summary>
    public bool IsAuthorizedByHost { get; init; }

    /// <summary>True for a caller that we know, whatever it may do.</summary>
    public bool IsKnown => IsAuthorizedByHost || (!HasWrongKey && (IsLocal || KeyName is not null));

    /// <summary>True for a caller that may push content and register topics.</summary>
    public bool MayPublish => IsAuthorizedByHost || May(ApiScope.Publish);

    /// <summary>A caller with a key may do what the key is for; a local one without a key may do all.</summary>
    public bool May(ApiScope scope) => KeyName is null ? IsLocal && !HasWrongKey : Scopes.Contains(scope);
}
