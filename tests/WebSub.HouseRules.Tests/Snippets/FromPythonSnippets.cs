#pragma warning disable // Published as it is in docs/guides/from-python.md.
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Discovery;
using WebSub.Hub;
using WebSub.Predicates;
using WebSub.Subscriber;

namespace WebSub.HouseRules.Tests.Snippets;

internal static class FromPythonSnippets
{
    private static Task SaveAsync(string topic, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => Task.CompletedTask;

    public static void Snippet1(WebApplicationBuilder builder)
    {
        builder
            .Services.AddWebSubSubscriber()
            .AddHandler<NewsHandler>("news")
            .AddSubscription(WebSubTarget.Topic("https://blog.example/feed", hub: "https://hub.example/"), handler: "news");
    }

    public static void Snippet2(WebApplicationBuilder builder)
    {
        builder
            .Services.AddWebSubSubscriber()
            .AddHandler("news", (notification, cancellationToken) => SaveAsync(notification.Topic, notification.Body, cancellationToken))
            .AddSubscription("https://blog.example/", handler: "news");
    }

    public static async Task Snippet3(HttpClient client, CancellationToken cancellationToken)
    {
        var links = await new TopicDiscovery(client).DiscoverAsync("https://blog.example/", cancellationToken: cancellationToken);
    }
}
