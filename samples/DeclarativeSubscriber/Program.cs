using DeclarativeSubscriber;
using WebSub.Subscriber;

// The settings are next to the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

// Subscriptions can be declared in three places, whichever suits best: on the handler, here, and in appsettings.json.
builder
    .Services.AddWebSubSubscriber()
    .AddHandler<PostsHandler>("posts")
    .AddHandler<PageHandler>("page")
    .AddHandler(
        "audit",
        async (notification, cancellationToken) =>
            await Console.Out.WriteLineAsync(
                $"audit: {notification.Body.Length} bytes of {notification.Topic}".AsMemory(),
                cancellationToken
            )
    )
    .AddSubscription(
        WebSubTarget.Topic("http://localhost:5090/feed"),
        handler: "audit",
        new WebSubSubscribeOptions { LeaseSeconds = 3600 }
    );

var app = builder.Build();
app.MapWebSubCallbacks();

// Lists the subscriptions. Nothing here requests one: that happens when the app starts.
app.MapGet(
    "/subscriptions",
    async (IWebSubSubscriptions subscriptions, CancellationToken cancellationToken) =>
    {
        var text = new StringWriter();
        await foreach (var s in subscriptions.ListAsync(cancellationToken: cancellationToken))
        {
            await text.WriteLineAsync(
                $"{s.Handler}: {s.Topic ?? s.Target.ToString()} is {s.State}"
                    + $"{(s.LeaseEnd is { } end ? $" until {end:yyyy-MM-dd HH:mm}" : "")}. {s.Reason}"
            );
        }

        return text.ToString();
    }
);

// "dotnet run -- websub list" and the other commands work beside the running app.
return await app.RunWithWebSubCommandsAsync(args);
