namespace WebSub.Hub.Access;

/// <summary>The sender of a request.</summary>
/// <param name="IsLocal">From this machine, and through no proxy.</param>
/// <param name="KeyName">The name of the key it presented, or the bearer of its token; null without one.</param>
/// <param name="HasWrongKey">It presented an unknown key.</param>
internal sealed record Caller(bool IsLocal, string? KeyName, bool HasWrongKey)
{
    /// <summary>What the audit log calls a local caller.</summary>
    public const string LocalName = "local";

    /// <summary>What its key allows.</summary>
    public IReadOnlyCollection<ApiScope> Scopes { get; init; } = [];

    /// <summary>The host app's authorization policy allows it to publish.</summary>
    public bool IsAuthorizedByHost { get; init; }

    /// <summary>True for a known caller, whatever it may do. A token that allows nothing here makes nobody known.</summary>
    public bool IsKnown => IsAuthorizedByHost || (!HasWrongKey && (KeyName is null ? IsLocal : Scopes.Count > 0));

    /// <summary>True for a caller that may push content and register topics.</summary>
    public bool MayPublish => IsAuthorizedByHost || May(ApiScope.Publish);

    /// <summary>A caller with a key may do what the key allows; a local caller without a key may do everything.</summary>
    public bool May(ApiScope scope) => KeyName is null ? IsLocal && !HasWrongKey : Scopes.Contains(scope);
}
