namespace WebSub.Cli.Listening;

/// <summary>An entry of a feed of any format.</summary>
/// <param name="Id">Its id; null if it has none.</param>
/// <param name="Title">Its title; null if it has none.</param>
/// <param name="Link">Its page.</param>
/// <param name="At">When it last changed, or was published.</param>
/// <param name="Content">All of it, as it came: another content is a change.</param>
internal sealed record FeedItem(string? Id, string? Title, string? Link, DateTimeOffset? At, string Content);
