namespace WebSub.Hub.Administration;

/// <summary>An origin that is to be paused or resumed.</summary>
/// <param name="Origin">The origin of callbacks, such as <c>https://subscriber.example</c>.</param>
/// <param name="Reason">Why, for the audit log.</param>
internal sealed record OriginBody(string? Origin = null, string? Reason = null);
