namespace NewsApp;

/// <summary>The app, as the program and the tests start it.</summary>
public static class SubscriberApp
{
    /// <summary>Puts it together.</summary>
    /// <param name="args">Settings from the command line.</param>
    /// <param name="replace">What a test replaces; nothing in production.</param>
    public static WebApplication Create(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton<LatestEntries>();
        builder
            .Services.AddWebSubSubscriber()
            .AddHandler<UpdateHandler>("updates")
            .AddSubscription("https://blog.example/", handler: "updates");
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapWebSubCallbacks();
        app.MapGet("/", (LatestEntries entries) => entries.All);
        return app;
    }
}
