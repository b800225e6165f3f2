namespace WebSub.Hub.Access;

/// <summary>Who sends a request.</summary>
/// <param name="IsLocal">From this machine, and through no proxy.</param>
/// <param name="KeyName">The name of the key it presented; null without one.</param>
/// <param name="HasWrongKey">It presented a key that we do not know.</param>
internal sealed record Caller(bool IsLocal, string? KeyName, bool HasWrongKey)
{
    /// <summary>The host app's own authorization policy lets it.</summary>
    public bool IsAuthorizedByHost { get; init; }

    /// <summary>True for a caller that may push content and administer.</summary>
    public bool IsTrusted => IsAuthorizedByHost || (!HasWrongKey && (IsLocal || KeyName is not null));
}
