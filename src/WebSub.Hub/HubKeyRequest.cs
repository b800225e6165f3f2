namespace WebSub.Hub;

/// <summary>A key that is to be created.</summary>
/// <param name="Name">Its name: up to 64 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="By">Who asks, for the audit log.</param>
public sealed record HubKeyRequest(string Name, IReadOnlyCollection<ApiScope> Scopes, string By)
{
    /// <summary>The reason, for the audit log.</summary>
    public string? Reason { get; init; }
}
