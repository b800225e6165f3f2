// The settings are next to the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder
    .Services.AddWebSubSubscriber()
    .AddHandler(
        "news",
        async (notification, cancellationToken) =>
            await Console.Out.WriteLineAsync(
                $"{notification.Topic} has changed: {notification.ContentType}, {notification.Body.Length} bytes".AsMemory(),
                cancellationToken
            )
    )
    .AddSubscription(builder.Configuration["Feed"]!, handler: "news");

var app = builder.Build();
app.MapWebSubCallbacks();
app.Run();
