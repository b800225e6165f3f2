namespace WebSub.Documents;

/// <summary>What a body is, as far as discovery cares.</summary>
internal enum DocumentKind
{
    /// <summary>Not looked at.</summary>
    NotRead,

    /// <summary>Nothing with links that we know: an image, JSON, text.</summary>
    Other,

    Html,

    /// <summary>XML, not known yet which.</summary>
    Xml,

    Atom,

    /// <summary>RSS 2.0 or 1.0.</summary>
    Rss,
}
