using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Subscriber;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Subscriber;

/// <summary>
/// The subscriber library in this process: a POST to <c>/subscriptions?url=</c> subscribes with a secret and renews with a fresh
/// callback, a DELETE ends that, and <c>/received</c> shows the updates.
/// </summary>
internal sealed class SubscribingApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SubscribingApp(WebApplication app, string url) => (_app, Url) = (app, url);

    public string Url { get; }

    public static async Task<SubscribingApp> StartAsync(string folder)
    {
        var url = $"http://127.0.0.1:{FreePort.Next()}";
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["urls"] = url,
                ["ConnectionStrings:WebSubSubscriber"] = $"Data Source={Path.Combine(folder, "subscriber.db")}",
                ["WebSub:Subscriber:PublicUrl"] = url,
                ["WebSub:Outbound:AllowPrivateNetworks"] = "true",
            }
        );
        builder.Logging.ClearProviders();
        var received = new ConcurrentQueue<string>();
        builder
            .Services.AddWebSubSubscriber()
            .AddHandler(
                "all",
                (notification, _) =>
                {
                    received.Enqueue(notification.Text);
                    return Task.CompletedTask;
                }
            );
        var app = builder.Build();
        app.MapWebSubCallbacks();
        app.MapPost(
            "/subscriptions",
            async (string url, IWebSubSubscriptions subscriptions) =>
                await subscriptions.SubscribeAsync(url, "all", new() { FreshKey = true })
        );
        app.MapDelete("/subscriptions", UnsubscribeAsync);
        app.MapGet("/received", () => string.Join('\n', received));
        await app.StartAsync();
        return new(app, url);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task UnsubscribeAsync(string url, IWebSubSubscriptions subscriptions)
    {
        await foreach (var subscription in subscriptions.ListAsync())
        {
            if (subscription.Target.ResourceUrl == url)
                await subscriptions.UnsubscribeAsync(subscription.Id);
        }
    }
}
