#pragma warning disable // Published as it is in docs/guides/subscribing.md.
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

internal static class SubscribingSnippets
{
    public static void Snippet1(WebApplicationBuilder builder)
    {
        builder
            .Services.AddWebSubSubscriber()
            .AddHandler<NewsHandler>("news")
            .AddSubscription("https://blog.example/", handler: "news")
            .AddSubscription(WebSubTarget.Topic("https://blog.example/feed", hub: "https://hub.example/"), handler: "news");
    }

    public static void Snippet2(WebApplication app, IWebSubSubscriptions subscriptions, CancellationToken cancellationToken)
    {
        app.MapPut(
            "/follow",
            async (string url, IWebSubSubscriptions subscriptions, CancellationToken cancellationToken) =>
            {
                var subscription = await subscriptions.SubscribeAsync(url, handler: "news", cancellationToken: cancellationToken);
                return Results.Ok(subscription.Id);
            }
        );
    }

    public static async Task Snippet3(IWebSubSubscriptions subscriptions, string key, CancellationToken cancellationToken)
    {
        var options = new WebSubSubscribeOptions
        {
            LeaseSeconds = 36000,
            Signature = WebSubSignaturePolicy.Always,
            Headers = [new("Authorization", "Bearer " + key)],
            AcceptLanguage = "de",
        };
        await subscriptions.SubscribeAsync("https://blog.example/", handler: "news", options, cancellationToken);
    }
}

public sealed class Changes(ILogger<Changes> logger) : IWebSubEvents
{
    public Task OnChangedAsync(WebSubSubscriptionChange change, CancellationToken cancellationToken)
    {
        if (change.Kind is WebSubChangeKind.Denied or WebSubChangeKind.GaveUp)
            logger.LogWarning("{Target} ended: {Reason}", change.Subscription.Target, change.Reason);
        return Task.CompletedTask;
    }
}

public sealed class ShortLeasesOnly : IWebSubVerifier
{
    public ValueTask<WebSubVerdict> VerifyAsync(WebSubVerification verification, CancellationToken cancellationToken) =>
        ValueTask.FromResult(verification.LeaseSeconds > 86400 ? WebSubVerdict.Refuse("A day is enough.") : WebSubVerdict.Confirm);
}
