namespace WebSub.Hub.Administration;

/// <summary>A key that is to be created.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">What it allows.</param>
/// <param name="Reason">Why, for the audit log.</param>
internal sealed record KeyBody(string? Name = null, IReadOnlyList<ApiScope>? Scopes = null, string? Reason = null);
