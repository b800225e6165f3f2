namespace WebSub.Hub.Storage;

/// <summary>The update that an explanation is about.</summary>
/// <param name="Sequence">Its number in its log.</param>
/// <param name="PublishedAt">When it came; null if it is not kept any more.</param>
/// <param name="HasEmptyDiff">True if those who take differences are sent nothing of it, since nothing in the feed is new.</param>
internal sealed record ExplainedEntry(long Sequence, DateTimeOffset? PublishedAt, bool HasEmptyDiff = false);
