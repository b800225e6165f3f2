using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Subscriber;

namespace TestingYourSubscriber;

/// <summary>The app under test: it subscribes to one blog and keeps its headlines.</summary>
public static class NewsApp
{
    /// <summary>The whole app.</summary>
    /// <param name="replace">What a test replaces; nothing in production.</param>
    public static WebApplication Create(Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.AddFilter(level => level >= LogLevel.Warning);
        builder.Services.AddSingleton<Headlines>();
        builder.Services.AddWebSubSubscriber().AddHandler<HeadlineHandler>("news").AddSubscription("https://blog.example/", "news");
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapWebSubCallbacks();
        return app;
    }
}
