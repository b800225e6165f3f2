namespace FeedPublisher;

/// <summary>A post of the blog.</summary>
internal sealed record Post(int Number, string Text, DateTimeOffset PublishedAt);
