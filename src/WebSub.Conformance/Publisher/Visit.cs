using WebSub.Discovery;
using WebSub.Documents;
using WebSub.Protocol;

namespace WebSub.Conformance.Publisher;

/// <summary>What a URL answered, and what that says of hubs and topic.</summary>
/// <param name="Redirects">The redirects on the way, in order.</param>
/// <param name="Url">The URL that answered.</param>
/// <param name="Status">Its status.</param>
/// <param name="ContentType">Its content type, verbatim.</param>
/// <param name="HeaderLinks">The links of its headers, as they stand there.</param>
/// <param name="Header">Hubs and topics of its headers.</param>
/// <param name="Document">Hubs and topics of its body.</param>
/// <param name="Conclusion">What a subscriber makes of both.</param>
/// <param name="Body">The body, with its codings undone.</param>
internal sealed record Visit(
    IReadOnlyList<RedirectHop> Redirects,
    string Url,
    int Status,
    string? ContentType,
    IReadOnlyList<WebLink> HeaderLinks,
    LinkFindings Header,
    DocumentReading Document,
    DiscoveryResult Conclusion,
    byte[] Body
)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>True if a subscriber finds a hub, and at least one topic.</summary>
    public bool NamesBoth => IsSuccess && Conclusion.Error is DiscoveryError.None or DiscoveryError.SeveralSelfs;

    public IReadOnlyList<string> Hubs => [.. Conclusion.Hubs.Select(h => h.Url)];

    /// <summary>The topic; null unless there is exactly one.</summary>
    public string? Self => Conclusion.Self?.Url;

    public string MediaType => DocumentSniffer.MediaType(ContentType);

    public bool IsFeed => Document.Kind is DocumentKind.Atom or DocumentKind.Rss;

    public bool IsPage => Document.Kind is DocumentKind.Html;
}
