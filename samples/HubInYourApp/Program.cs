using System.Xml.Linq;
using WebSub.Hub;
using WebSub.Publisher;

XNamespace atom = "http://www.w3.org/2005/Atom";
var posts = new List<string> { "Hello, world" };
var gate = new Lock();

// The settings are next to the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddWebSubHub();
builder.Services.AddWebSubPublisher();
var app = builder.Build();

// The blog's own hub: subscribers come here, and no other hub needs to know of an update.
app.MapWebSubHub("/hub");

app.MapGet("/feed", (HttpContext context) => Results.Bytes(Feed(context.GetWebSubLinks()), "application/atom+xml")).WithWebSubLinks();

// The hub is in this process, so it gets the new feed directly: once this returns it is stored, and every subscriber gets it.
app.MapPost(
    "/posts",
    async (HttpContext context, IWebSubHub hub, CancellationToken cancellationToken) =>
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(cancellationToken);
        lock (gate)
            posts.Insert(0, text);
        context.SetWebSubSelf("/feed");
        var links = context.GetWebSubLinks();
        await hub.PublishAsync(links.Self, Feed(links), "application/atom+xml", cancellationToken);
        return Results.Text($"Published to the subscribers of {links.Self}\n");
    }
);

app.Run();

byte[] Feed(WebSubLinks links)
{
    string[] all;
    lock (gate)
        all = [.. posts];
    var feed = new XDocument(
        new XElement(
            atom + "feed",
            new XElement(atom + "id", links.Self),
            new XElement(atom + "title", "A blog with a hub"),
            all.Select(
                (text, i) =>
                    new XElement(
                        atom + "entry",
                        new XElement(atom + "id", $"{links.Self}#{all.Length - i}"),
                        new XElement(atom + "title", text)
                    )
            )
        )
    );
    links.AddTo(feed);
    using var bytes = new MemoryStream();
    feed.Save(bytes);
    return bytes.ToArray();
}
