using WebSub.Subscriber;
using YouTubeNotifier;

// The settings are next to the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSingleton<KnownVideos>();
builder.Services.AddWebSubSubscriber().AddHandler<VideoHandler>("videos");
var app = builder.Build();
app.MapWebSubCallbacks();

// Follow a channel. The hub is that of the setting DefaultHub; this returns at once, the rest happens in the background and survives a
// restart.
app.MapPut(
    "/channels/{id}",
    async (string id, IWebSubSubscriptions subscriptions, CancellationToken cancellationToken) =>
    {
        await subscriptions.SubscribeAsync(Channel.Topic(id), "videos", cancellationToken: cancellationToken);
        return Results.Text($"Following {id}.\n");
    }
);

app.MapDelete(
    "/channels/{id}",
    async (string id, IWebSubSubscriptions subscriptions, CancellationToken cancellationToken) =>
    {
        await foreach (var s in subscriptions.ListAsync(cancellationToken: cancellationToken))
        {
            if (s.Target == Channel.Topic(id))
                await subscriptions.UnsubscribeAsync(s.Id, cancellationToken);
        }

        return Results.Text($"No longer following {id}.\n");
    }
);

app.MapGet(
    "/channels",
    async (IWebSubSubscriptions subscriptions, CancellationToken cancellationToken) =>
    {
        var text = new StringWriter();
        await foreach (var s in subscriptions.ListAsync(cancellationToken: cancellationToken))
            await text.WriteLineAsync($"{Channel.IdOf(s.Target)}: {s.State}, {s.Received} updates. {s.Reason}");
        return text.ToString();
    }
);

app.Run();
