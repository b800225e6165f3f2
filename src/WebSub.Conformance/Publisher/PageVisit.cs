using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;

namespace WebSub.Conformance.Publisher;

/// <summary>The first visit of the URL that is checked: one for all checks.</summary>
internal sealed class PageVisit(PublisherCheckOptions options, TopicReader reader, Transcript transcript, CancellationToken over)
{
    private readonly Once<Visit> _visit = new(() => reader.ReadAsync(options.Topic, transcript, over));

    public Transcript Transcript => transcript;

    /// <exception cref="CheckFailedException">It cannot be read.</exception>
    public Task<Visit> ReadAsync() => _visit.GetAsync();

    /// <summary>The visit of something that names a hub and at least one topic.</summary>
    /// <exception cref="CheckSkippedException">It does not.</exception>
    public async Task<Visit> NamedAsync()
    {
        try
        {
            if (await ReadAsync().ConfigureAwait(false) is { NamesBoth: true } page)
                return page;
        }
        catch (CheckFailedException)
        {
            // Said below.
        }

        throw new CheckSkippedException("no hub and topic were found; see D1");
    }

    /// <summary>The visit of something that names a hub and one topic, with the topic.</summary>
    /// <exception cref="CheckSkippedException">It does not.</exception>
    public async Task<(Visit Page, string Self)> TopicAsync()
    {
        var page = await NamedAsync().ConfigureAwait(false);
        return (page, page.Self ?? throw new CheckSkippedException("several topics are named; see D3 to D5"));
    }
}
