#pragma warning disable // Published as it is in docs/guides/from-hosted-hubs.md.
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

internal static class FromHostedHubsSnippets
{
    public static void Snippet1(WebApplicationBuilder builder, string channel)
    {
        builder
            .Services.AddWebSubSubscriber(o => o.DefaultHub = new("https://pubsubhubbub.appspot.com/"))
            .AddHandler<VideoHandler>("videos")
            .AddSubscription(WebSubTarget.Topic("https://www.youtube.com/xml/feeds/videos.xml?channel_id=" + channel), handler: "videos");
    }

    public static async Task Snippet2(IWebSubSubscriptions subscriptions, string login, string token, CancellationToken cancellationToken)
    {
        var options = new WebSubSubscribeOptions
        {
            Headers = [new("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{token}")))],
            Parameters = [new("format", "json")],
        };
        await subscriptions.SubscribeAsync(
            WebSubTarget.Topic("https://blog.example/feed", hub: "https://push.superfeedr.com/"),
            handler: "news",
            options,
            cancellationToken
        );
    }
}
