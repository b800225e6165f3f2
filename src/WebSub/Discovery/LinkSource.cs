namespace WebSub.Discovery;

/// <summary>Where a hub or self link was found.</summary>
public enum LinkSource
{
    /// <summary>An HTTP <c>Link</c> header.</summary>
    LinkHeader,

    /// <summary>A <c>&lt;link&gt;</c> in the head of an HTML page.</summary>
    Html,

    /// <summary>An Atom <c>&lt;link&gt;</c> in the <c>feed</c> element.</summary>
    Atom,

    /// <summary>An Atom <c>&lt;link&gt;</c> in the <c>channel</c> of an RSS feed.</summary>
    Rss,
}
