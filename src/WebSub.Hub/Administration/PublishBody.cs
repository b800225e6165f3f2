namespace WebSub.Hub.Administration;

/// <summary>Content that is published by hand.</summary>
/// <param name="Content">The content, as text; it is sent as UTF-8.</param>
/// <param name="ContentType">Its content type, delivered as it is.</param>
/// <param name="Reason">Why, for the audit log.</param>
internal sealed record PublishBody(string? Content = null, string? ContentType = null, string? Reason = null);
