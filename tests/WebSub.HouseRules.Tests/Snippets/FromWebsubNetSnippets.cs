#pragma warning disable // Published as it is in docs/guides/from-websub-net.md.
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

internal static class FromWebsubNetSnippets
{
    public static async Task Snippet1(
        WebApplicationBuilder builder,
        WebApplication app,
        IWebSubSubscriptions subscriptions,
        CancellationToken cancellationToken
    )
    {
        builder.Services.AddWebSubSubscriber().AddHandler<NewsHandler>("news");
        app.MapWebSubCallbacks();
        await subscriptions.SubscribeAsync("https://blog.example/", handler: "news", cancellationToken: cancellationToken);
    }
}
