using System.Xml.Linq;

namespace WebSub.Subscriber;

/// <summary>An entry (Atom) or item (RSS) of a feed.</summary>
public sealed record WebSubFeedEntry
{
    /// <summary>The element itself, for whatever is not covered here.</summary>
    public required XElement Element { get; init; }

    /// <summary>Its id, or <c>guid</c>, or <c>rdf:about</c>.</summary>
    public string? Id { get; init; }

    /// <summary>Its title.</summary>
    public string? Title { get; init; }

    /// <summary>Its page: its link, or in RSS a <c>guid</c> that is a permanent link.</summary>
    public string? Link { get; init; }

    /// <summary>
    /// Its summary or description; text or HTML, as in the feed. It is untrusted: encode or sanitise it before showing it.
    /// </summary>
    public string? Summary { get; init; }

    /// <summary>Its content or <c>content:encoded</c>; text or HTML and untrusted, like the summary.</summary>
    public string? Content { get; init; }

    /// <summary>When it was published.</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>When it last changed; nearly always null in RSS.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Its authors' names.</summary>
    public IReadOnlyList<string> Authors { get; init; } = [];

    /// <summary>The video id (<c>yt:videoId</c>), in YouTube feeds.</summary>
    public string? YouTubeVideoId { get; init; }

    /// <summary>The channel id (<c>yt:channelId</c>), in YouTube feeds.</summary>
    public string? YouTubeChannelId { get; init; }
}
