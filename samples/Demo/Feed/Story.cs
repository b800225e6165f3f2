namespace Demo.Feed;

/// <summary>An entry of the feed.</summary>
/// <param name="Number">A part of its id, which never changes.</param>
/// <param name="Title">Its title.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Category">What it is about.</param>
/// <param name="Language">Its language.</param>
/// <param name="Html">Its text, as HTML.</param>
/// <param name="Published">When it appeared.</param>
internal sealed record Story(
    int Number,
    string Title,
    string Author,
    string Category,
    string Language,
    string Html,
    DateTimeOffset Published
)
{
    /// <summary>When it last changed.</summary>
    public DateTimeOffset Updated { get; init; } = Published;

    /// <summary>What has been added since, newest last.</summary>
    public IReadOnlyList<string> Addenda { get; init; } = [];
}
