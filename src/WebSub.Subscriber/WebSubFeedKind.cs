namespace WebSub.Subscriber;

/// <summary>The format of a feed.</summary>
public enum WebSubFeedKind
{
    /// <summary>Atom (RFC 4287), and Atom 0.3.</summary>
    Atom,

    /// <summary>RSS 2.0, and 0.91 to 0.94.</summary>
    Rss,

    /// <summary>RSS 1.0 and 0.90, which are RDF.</summary>
    Rdf,
}
