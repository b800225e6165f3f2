namespace WebSub.Hub.Storage;

/// <summary>An entry of the log that a callback with patterns reads.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="PublishedAt">When it came.</param>
internal sealed record ExplainedEntry(long Sequence, DateTimeOffset PublishedAt);
