using System.Xml.Linq;

namespace WebSub.Subscriber;

/// <summary>Tells that an entry was deleted (<c>at:deleted-entry</c>, RFC 6721).</summary>
public sealed record WebSubDeletedEntry
{
    /// <summary>The element itself.</summary>
    public required XElement Element { get; init; }

    /// <summary>The id of the entry, for example <c>yt:video:ID</c>.</summary>
    public string? Ref { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? When { get; init; }

    /// <summary>Where it was.</summary>
    public string? Link { get; init; }
}
