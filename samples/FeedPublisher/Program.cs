using System.Text;
using System.Xml;
using FeedPublisher;
using WebSub.Publisher;

// The settings are next to the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddWebSubPublisher();
builder.Services.AddSingleton<Blog>();
var app = builder.Build();

// The home page: hub and self as a Link header and as <link> elements in the head.
app.MapGet("/", (Blog blog, HttpContext context) => Results.Text(Pages.Home(blog, context.GetWebSubLinks()), "text/html; charset=utf-8"))
    .WithWebSubLinks();

// The feed: the same links as atom:link elements. Any XmlWriter will do.
app.MapGet(
        "/feed",
        async (Blog blog, HttpContext context) =>
        {
            context.Response.ContentType = "application/atom+xml";
            await using var writer = XmlWriter.Create(
                context.Response.Body,
                new XmlWriterSettings
                {
                    Async = true,
                    Encoding = new UTF8Encoding(false),
                    Indent = true,
                }
            );
            await Pages.WriteFeedAsync(blog, context.GetWebSubLinks(), writer);
        }
    )
    .WithWebSubLinks();

// A new post changes both. PublishAsync stores that and returns; every hub is notified in the background, even after a restart.
app.MapPost(
    "/posts",
    async (HttpRequest request, Blog blog, IWebSubPublisher publisher) =>
    {
        using var reader = new StreamReader(request.Body);
        var post = blog.Add(await reader.ReadToEndAsync());
        await publisher.PublishAsync(["/", "/feed"]);
        return Results.Text($"Post {post.Number} is published.\n");
    }
);

// Which hub knows of which update.
app.MapGet(
    "/hubs",
    async (IWebSubPublisher publisher, CancellationToken cancellationToken) =>
    {
        var text = new StringBuilder();
        await foreach (var p in publisher.ListAsync(cancellationToken: cancellationToken))
        {
            text.Append($"{p.Hub} knows update {p.Known} of {p.Updates} of {p.Topic}");
            if (p.IsPending)
                text.Append($"; {p.Attempts} attempts failed, the next one is at {p.NextAttemptAt:HH:mm:ss}. {p.LastError}");
            text.Append('\n');
        }

        return text.ToString();
    }
);

// What keeps updates from arriving.
app.MapGet(
    "/doctor",
    async (IWebSubPublisherDiagnostics doctor, CancellationToken cancellationToken) =>
    {
        var findings = (await doctor.CheckAsync(cancellationToken))
            .Concat(await doctor.CheckTopicAsync("/feed", cancellationToken))
            .ToList();
        return findings.Count == 0 ? "Nothing is wrong.\n" : string.Concat(findings.Select(f => $"{f.Problem}: {f.Explanation}\n"));
    }
);

app.Run();
