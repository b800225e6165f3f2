namespace WebSub.Hub.Storage;

/// <summary>A request that has not been decided, or whose callback has yet to take note that it is denied.</summary>
/// <param name="Request">The request.</param>
/// <param name="IsDenied">True if it is denied.</param>
/// <param name="Reason">Why it is denied, if that was said.</param>
internal sealed record ExplainedRequest(HubRequest Request, bool IsDenied, string? Reason);
