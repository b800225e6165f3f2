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
    public static void Snippet1(WebApplicationBuilder builder)
    {
        builder
            .Services.AddWebSubSubscriber()
            .AddHandler<UpdateHandler>("updates")
            .AddSubscription("http://localhost:5090/feed", handler: "updates");

        var app = builder.Build();
        app.MapWebSubCallbacks();
    }

    private sealed class UpdateHandler : IWebSubHandler
    {
        public Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
