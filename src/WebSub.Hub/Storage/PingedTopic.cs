namespace WebSub.Hub.Storage;

/// <summary>A topic named in a ping.</summary>
/// <param name="Value">The field's value.</param>
/// <param name="Parts">The URLs in it, if it can be read as a comma-separated list.</param>
internal sealed record PingedTopic(string Value, IReadOnlyList<string> Parts);
