namespace WebSub.Cli.Listening;

/// <summary>An entry of a feed that has not been shown as it is now.</summary>
/// <param name="Title">Its title in one line; of a deleted one, its id.</param>
/// <param name="Remark">new, changed or deleted; null in the first feed, where all are new.</param>
/// <param name="Link">Its page.</param>
/// <param name="At">When it last changed, or was published.</param>
internal sealed record FeedChange(string Title, string? Remark, string? Link = null, DateTimeOffset? At = null)
{
    /// <summary>A line with the title, and one with what else is known.</summary>
    public IEnumerable<string> Lines(TimeZoneInfo zone)
    {
        yield return Remark is null ? Title : $"{Title} ({Remark})";
        var rest = string.Join(
            "  ",
            new[] { Link, At is { } at ? $"{TimeZoneInfo.ConvertTime(at, zone):yyyy-MM-dd HH:mm}" : null }.OfType<string>()
        );
        if (rest.Length > 0)
            yield return $"  {rest}";
    }
}
