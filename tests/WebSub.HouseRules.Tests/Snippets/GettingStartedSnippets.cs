#pragma warning disable // Published as it is in docs/getting-started.md.
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

internal static class GettingStartedSnippets
{
    public static void Snippet1(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);

        builder
            .Services.AddWebSubSubscriber()
            .AddHandler("news", (notification, cancellationToken) => Console.Out.WriteLineAsync(notification.Text))
            .AddSubscription("http://localhost:5090/feed", handler: "news");

        var app = builder.Build();
        app.MapWebSubCallbacks();
        app.Run();
    }
}
