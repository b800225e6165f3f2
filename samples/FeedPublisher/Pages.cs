using System.Text.Encodings.Web;
using System.Xml;
using WebSub.Publisher;

namespace FeedPublisher;

/// <summary>The two representations of the blog.</summary>
internal static class Pages
{
    private const string Atom = "http://www.w3.org/2005/Atom";

    public static string Home(Blog blog, WebSubLinks links) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head><title>A small blog</title>{links.ToHtml()}<link rel="alternate" type="application/atom+xml" href="feed"></head>
            <body><h1>A small blog</h1>{string.Concat(blog.Posts.Select(p => $"<p>{HtmlEncoder.Default.Encode(p.Text)}</p>"))}</body>
            </html>
            """;

    public static async Task WriteFeedAsync(Blog blog, WebSubLinks links, XmlWriter writer)
    {
        await writer.WriteStartElementAsync(null, "feed", Atom);
        await ElementAsync(writer, "id", links.Self);
        await ElementAsync(writer, "title", "A small blog");
        await ElementAsync(writer, "updated", $"{blog.Posts[0].PublishedAt:O}");
        await links.WriteToAsync(writer);
        foreach (var post in blog.Posts)
        {
            await writer.WriteStartElementAsync(null, "entry", Atom);
            await ElementAsync(writer, "id", $"{links.Self}#{post.Number}");
            await ElementAsync(writer, "title", post.Text);
            await ElementAsync(writer, "updated", $"{post.PublishedAt:O}");
            await writer.WriteEndElementAsync();
        }

        await writer.WriteEndElementAsync();
    }

    private static Task ElementAsync(XmlWriter writer, string name, string text) => writer.WriteElementStringAsync(null, name, Atom, text);
}
