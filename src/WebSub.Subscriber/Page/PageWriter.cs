using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace WebSub.Subscriber.Page;

/// <summary>Writes a page: text is always encoded, and the page may load nothing and send to nobody else.</summary>
internal sealed class PageWriter
{
    private const string Style = """
        :root{color-scheme:light dark;--line:#8884;--dim:#777;--ok:#18794e;--bad:#cd2b31;--wait:#ad5700}
        @media(prefers-color-scheme:dark){:root{--dim:#aaa;--ok:#4cc38a;--bad:#ff6369;--wait:#f1a10d}}
        body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:75rem;padding:1rem}
        h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
        nav a,nav b{margin-right:1rem;white-space:nowrap}
        table{border-collapse:collapse;width:100%}
        th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
        th{font-weight:600;color:var(--dim)}th,td.ok,td.bad,td.wait{white-space:nowrap}small{color:var(--dim)}
        .ok{color:var(--ok)}.bad{color:var(--bad)}.wait{color:var(--wait)}
        form{display:inline}button{font:inherit;padding:.1rem .6rem;white-space:nowrap}
        @media(max-width:40rem){thead{display:none}tr{display:block;border-bottom:1px solid var(--line);padding:.5rem 0}
        td,tbody th{display:block;border:0;padding:0}td:empty{display:none}
        td[data-name]::before{content:attr(data-name) ": ";color:var(--dim)}}
        """;

    private static readonly string Policy =
        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; style-src 'sha256-"
        + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))
        + "'";

    private readonly StringBuilder _html = new();

    public PageWriter(string title) =>
        Raw("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
            .Text(title)
            .Raw($"</title><style>{Style}</style>");

    /// <summary>Markup of our own.</summary>
    public PageWriter Raw(string html)
    {
        _html.Append(html);
        return this;
    }

    /// <summary>Text of whatever origin.</summary>
    public PageWriter Text(string? text)
    {
        _html.Append(HtmlEncoder.Default.Encode(text ?? ""));
        return this;
    }

    /// <summary>A link.</summary>
    public PageWriter Link(string href, string text) => Raw("<a href=\"").Text(href).Raw("\">").Text(text).Raw("</a>");

    /// <summary>How many there are of a kind, with a link to them; without one if they are what is shown.</summary>
    public PageWriter Choice(string href, string name, long count, bool isChosen)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{name} {count}");
        // The line may break behind it.
        return (isChosen ? Raw("<b>").Text(text).Raw("</b>") : Link(href, text)).Raw("\n");
    }

    /// <summary>A button that posts.</summary>
    public PageWriter Button(string action, string text) =>
        Raw("<form method=\"post\" action=\"").Text(action).Raw("\"><button>").Text(text).Raw("</button></form>");

    /// <summary>A moment, exact.</summary>
    public PageWriter Time(DateTimeOffset? at) => Text(TextOf(at));

    /// <summary>A moment as text.</summary>
    public static string? TextOf(DateTimeOffset? at) =>
        at?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A length of time as text: days, hours, minutes, seconds.</summary>
    public static string? TextOf(TimeSpan? length) => length?.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <summary>Begins a table.</summary>
    public PageWriter Table(params string[] heads)
    {
        Raw("<table><thead><tr>");
        foreach (var head in heads)
            Raw("<th scope=\"col\">").Text(head).Raw("</th>");
        return Raw("</tr></thead><tbody>");
    }

    /// <summary>A cell of a table; its name is shown where there is no room for columns.</summary>
    public PageWriter Cell(string name, string? kind = null) =>
        Raw("<td data-name=\"").Text(name).Raw(kind is null ? "\">" : $"\" class=\"{kind}\">");

    public PageWriter EndTable() => Raw("</tbody></table>");

    /// <summary>The page as an answer.</summary>
    public IResult Answer(HttpContext context, int status = StatusCodes.Status200OK)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Text(_html.ToString(), "text/html; charset=utf-8", statusCode: status);
    }

    /// <summary>The answer to a request for something that does not exist.</summary>
    public static IResult NotThere(HttpContext context, string root, string why) =>
        new PageWriter("Not found")
            .Raw("<nav>")
            .Link(root, "All subscriptions")
            .Raw("</nav><h1>Not found</h1><p>")
            .Text(why)
            .Raw("</p>")
            .Answer(context, StatusCodes.Status404NotFound);

    /// <summary>The answer to a button: the page that shows what came of it.</summary>
    public static IResult Back(HttpContext context, string url)
    {
        context.Response.Headers.Location = url;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
