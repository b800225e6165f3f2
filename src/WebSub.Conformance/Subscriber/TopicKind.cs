namespace WebSub.Conformance.Subscriber;

/// <summary>The topics of a check: how each names its hub, and what is special about that hub.</summary>
internal enum TopicKind
{
    /// <summary>A feed with <c>Link</c> headers and, in the document, links to others; its <c>rel=self</c> is another URL.</summary>
    Headers,

    /// <summary>A page with links in its head; the hub verifies before it answers.</summary>
    Page,

    /// <summary>An Atom feed with the links of two hubs; the subscription is denied later.</summary>
    Atom,

    /// <summary>An RSS feed with links; the lease is short.</summary>
    Rss,

    /// <summary>A feed behind redirects with 301, 302, 307 and 308; the hub answers 204.</summary>
    Redirected,

    /// <summary>A feed whose links are relative; the hub redirects with 307 and 308.</summary>
    Relative,

    /// <summary>A feed with links in unusual but correct notation; the subscription is ended.</summary>
    Notation,

    /// <summary>A feed that names its hub with http and, behind it, with https; nothing is served at the latter.</summary>
    TwoSchemes,
}
