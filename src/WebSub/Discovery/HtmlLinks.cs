using AngleSharp.Html.Parser;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Discovery;

/// <summary>
/// Reads the <c>&lt;link&gt;</c> elements in the head of a page (D5). The body is never parsed: what visitors write there could name an
/// attacker's hub (D6), and parsing it whole is what makes HTML parsers slow on hostile pages.
/// </summary>
internal static class HtmlLinks
{
    public static DocumentReading Read(string html, string url)
    {
        var links = new LinkFindings();
        var head = new HtmlParser().ParseHead(html);
        if (head is null)
            return new(DocumentKind.Html, links);

        var baseHref = head.QuerySelector("base[href]")?.GetAttribute("href");
        var baseUrl = baseHref is null ? url : RelativeReference.Resolve(url, baseHref);
        foreach (var link in head.QuerySelectorAll("link[href][rel]"))
        {
            links.Add(LinkRelations.Split(link.GetAttribute("rel")), link.GetAttribute("href")!.Trim(), baseUrl, LinkSource.Html);
        }

        // The parser stops before it makes a body; only if the text ends inside the head does it add an empty one.
        return new(DocumentKind.Html, links, HeadIsOver: head.Owner?.Body is null);
    }
}
