using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;
using WebSub.Documents;
using WebSub.Values;

namespace WebSub.Discovery;

/// <summary>
/// Reads the <c>&lt;link&gt;</c> elements in the head of a page (D5), token by token, and stops where browsers end the head. The body is
/// never looked at: what visitors write there could name an attacker's hub (D6). No tree is built, which is what makes HTML parsers slow on
/// hostile pages.
/// </summary>
internal sealed class HtmlLinks
{
    private readonly List<(string Rel, string Href)> _links = [];
    private readonly DocumentBudget _budget;
    private string? _base;
    private int _templates;

    /// <summary>In <c>&lt;noscript&gt;</c>, whose links count only above what does not belong into a head.</summary>
    private bool _inNoscript;
    private bool _noscriptIsSpoilt;

    private HtmlLinks(DocumentBudget budget) => _budget = budget;

    public static DocumentReading Read(string html, string url, DocumentBudget budget)
    {
        budget.StartDocument();
        var reading = new HtmlLinks(budget);
        try
        {
            var headIsOver = reading.ReadHead(html);
            return new(DocumentKind.Html, reading.Links(url), headIsOver);
        }
        catch (DocumentLimitException e)
        {
            return new(DocumentKind.Html, new LinkFindings(), Fault: e.Message);
        }
    }

    private LinkFindings Links(string url)
    {
        var baseUrl = _base is null ? url : RelativeReference.Resolve(url, LooseReference.Clean(_base));
        // HTML §4.2.3: these are no base for anything.
        if (
            baseUrl.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            || baseUrl.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase)
        )
            baseUrl = url;
        var links = new LinkFindings();
        foreach (var (rel, href) in _links)
            new LinkElement(rel, href, baseUrl, LinkSource.Html).AddTo(links, _budget);
        return links;
    }

    /// <summary>True if the head ends before the text does.</summary>
    private bool ReadHead(string html)
    {
        using var source = new TextSource(html);
        var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver)
        {
            SkipComments = true,
            SkipRawText = true,
            SkipRCDataText = true,
            SkipScriptText = true,
        };
        while (true)
        {
            var token = tokenizer.Get();
            _budget.Spend(1);
            switch (token.Type)
            {
                case HtmlTokenType.EndOfFile:
                    return false;
                case HtmlTokenType.Character when token.HasContent && EndsHead(isHeadContent: string.IsNullOrWhiteSpace(token.Data)):
                case HtmlTokenType.StartTag when EndsHead(Start(token.AsTag(), tokenizer)):
                case HtmlTokenType.EndTag when EndsHead(End(token.Name)):
                    return true;
            }
        }
    }

    private bool EndsHead(bool isHeadContent)
    {
        if (isHeadContent || _templates > 0)
            return false;
        if (!_inNoscript)
            return true;
        _noscriptIsSpoilt = true;
        return false;
    }

    /// <summary>False if the element does not belong into a head.</summary>
    private bool Start(HtmlTagToken tag, HtmlTokenizer tokenizer)
    {
        DocumentBudget.CheckAttributes(tag.Attributes.Count);
        _budget.Spend(tag.Attributes.Count);
        switch (tag.Name)
        {
            case "title":
                tokenizer.State = HtmlParseMode.RCData;
                return true;
            case "style" or "noframes":
                tokenizer.State = HtmlParseMode.Rawtext;
                return true;
            case "script":
                tokenizer.State = HtmlParseMode.Script;
                return true;
            case "template":
                DocumentBudget.CheckDepth(++_templates);
                return true;
            case "noscript":
                (_inNoscript, _noscriptIsSpoilt) = (true, _inNoscript && _noscriptIsSpoilt);
                return true;
            case "base" when Counts():
                _base ??= Attribute(tag, "href");
                return true;
            case "link" when Counts():
                if (Attribute(tag, "href") is { } href && Attribute(tag, "rel") is { } rel)
                    _links.Add((rel, href));
                return true;
            default:
                return tag.Name is "html" or "head" or "meta" or "basefont" or "bgsound" or "base" or "link";
        }
    }

    private bool End(string name)
    {
        switch (name)
        {
            case "template":
                _templates = Math.Max(0, _templates - 1);
                return true;
            case "noscript" when _templates == 0:
                _inNoscript = false;
                return true;
            case "head":
                // What follows it still goes into the head, as long as it is of the head's own elements (HTML §13.2.6.4.6).
                return !_inNoscript;
            default:
                return name is not ("body" or "html" or "br");
        }
    }

    private bool Counts() => _templates == 0 && !(_inNoscript && _noscriptIsSpoilt);

    private static string? Attribute(HtmlTagToken tag, string name)
    {
        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name == name)
            {
                DocumentBudget.CheckAttribute(attribute.Value.Length);
                return attribute.Value;
            }
        }

        return null;
    }
}
