using System.Xml.Linq;

namespace WebSub.Subscriber;

/// <summary>
/// A delivered feed. Hubs may send new entries only (H26): an entry that is missing was not deleted. Links are
/// resolved against <c>xml:base</c>; resolve those that are relative all the same yourself.
/// </summary>
public sealed record WebSubFeed
{
    /// <summary>Its format.</summary>
    public required WebSubFeedKind Kind { get; init; }

    /// <summary>The whole document, for whatever is not covered here.</summary>
    public required XElement Element { get; init; }

    /// <summary>Its id; null in RSS.</summary>
    public string? Id { get; init; }

    /// <summary>Its title.</summary>
    public string? Title { get; init; }

    /// <summary>The page that it belongs to.</summary>
    public string? Link { get; init; }

    /// <summary>Its <c>rel=self</c>; not necessarily the topic that was subscribed to (S26).</summary>
    public string? Self { get; init; }

    /// <summary>Its <c>rel=hub</c> links.</summary>
    public IReadOnlyList<string> Hubs { get; init; } = [];

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Its entries or items, in document order.</summary>
    public IReadOnlyList<WebSubFeedEntry> Entries { get; init; } = [];

    /// <summary>Deleted entries (RFC 6721), which YouTube sends for deleted videos.</summary>
    public IReadOnlyList<WebSubDeletedEntry> DeletedEntries { get; init; } = [];
}
