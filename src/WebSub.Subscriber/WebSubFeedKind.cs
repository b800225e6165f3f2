namespace WebSub.Subscriber;

/// <summary>The format of a feed.</summary>
public enum WebSubFeedKind
{
    /// <summary>Atom (RFC 4287).</summary>
    Atom,

    /// <summary>RSS 2.0, and 0.9x.</summary>
    Rss,

    /// <summary>RSS 1.0, which is RDF.</summary>
    Rdf,
}
