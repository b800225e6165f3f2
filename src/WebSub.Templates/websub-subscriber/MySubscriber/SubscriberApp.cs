namespace MySubscriber;

/// <summary>The whole app, for production and for tests.</summary>
public static class SubscriberApp
{
    /// <summary>Builds it.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="replace">What a test replaces; nothing in production.</param>
    public static WebApplication Create(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder(args);

        // Finds the hub of the page or feed, subscribes, and renews in time. An update is stored before the hub gets its 200; then the
        // handler is called until it succeeds, also after a crash.
        builder.Services.AddSingleton<Updates>();
        builder
            .Services.AddWebSubSubscriber()
            .AddHandler<UpdateHandler>("updates")
            .AddSubscription("http://localhost:5090/feed", "updates");
        builder.Services.AddHealthChecks().AddWebSubSubscriber();
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.MapWebSubCallbacks();
        app.MapHealthChecks("/health");
        app.MapGet("/", (Updates updates) => updates.Newest);
        return app;
    }
}
