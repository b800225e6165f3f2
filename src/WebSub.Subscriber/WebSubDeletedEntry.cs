using System.Xml.Linq;

namespace WebSub.Subscriber;

/// <summary>A deleted entry (<c>at:deleted-entry</c>, RFC 6721).</summary>
public sealed record WebSubDeletedEntry
{
    /// <summary>The element itself.</summary>
    public required XElement Element { get; init; }

    /// <summary>The id of the entry, for example <c>yt:video:ID</c>.</summary>
    public string? Ref { get; init; }

    /// <summary>When it was deleted.</summary>
    public DateTimeOffset? When { get; init; }

    /// <summary>Its former page.</summary>
    public string? Link { get; init; }
}
