using WebSub.Hub;

const string Topic = "https://live.example/news";

// The settings and the page are next to the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddWebSubHub();
var app = builder.Build();

// With the hub comes GET /hub/events, which the page reads.
app.MapWebSubHub("/hub");

app.MapGet("/", () => Results.File(Path.Combine(AppContext.BaseDirectory, "index.html"), "text/html; charset=utf-8"));

// Once this is answered the update is stored: every page gets it, even one that has lost its connection for now.
app.MapPost(
    "/posts",
    async (HttpContext context, IWebSubHub hub, CancellationToken cancellationToken) =>
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        await hub.PublishAsync(Topic, body.ToArray(), "text/plain; charset=utf-8", cancellationToken);
        return Results.Text($"Published to {Topic}\n");
    }
);

await app.StartAsync();

// A topic that nothing was published to has no log to read.
await app.Services.GetRequiredService<IWebSubHub>().PublishAsync(Topic, "The program has started."u8.ToArray(), "text/plain");
await app.WaitForShutdownAsync();
