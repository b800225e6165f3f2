using DeclarativeSubscriber;
using WebSub.Subscriber;

// The settings stand beside the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

// Who handles what is said in three places, each where it is known best: on the handler, here, and in appsettings.json.
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

// What there is: nothing here asks for a subscription, the start of the app has seen to that.
app.MapGet(
    "/subscriptions",
    async (IWebSubSubscriptions subscriptions, CancellationToken cancellationToken) =>
    {
        var text = new StringWriter();
        await foreach (var s in subscriptions.ListAsync(cancellationToken: cancellationToken))
        {
            await text.WriteLineAsync(
                $"{s.Handler}: {s.Topic ?? s.Target.ToString()} is {s.State}{(s.LeaseEnd is { } end ? $" until {end:yyyy-MM-dd HH:mm}" : "")}. {s.Reason}"
            );
        }

        return text.ToString();
    }
);

app.Run();
