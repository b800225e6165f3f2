namespace WebSub.Hub.Administration;

/// <summary>What comes with an action that needs no more.</summary>
/// <param name="Reason">Why, for the audit log.</param>
internal sealed record ReasonBody(string? Reason = null);
