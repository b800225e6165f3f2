#pragma warning disable // Published as it is in docs/guides/from-ballerina.md.
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

internal static class FromBallerinaSnippets
{
    public static void Snippet1(WebApplicationBuilder builder)
    {
        builder
            .Services.AddWebSubSubscriber(o => o.UnsubscribeOnShutdown = true)
            .AddHandler<NewsHandler>("news")
            .AddSubscription(
                WebSubTarget.Topic("https://blog.example/feed", hub: "https://hub.example/hub"),
                handler: "news",
                new WebSubSubscribeOptions { LeaseSeconds = 36000, Secret = "s3cret" }
            );
    }

    public static void Snippet2(WebApplicationBuilder builder, WebApplication app)
    {
        builder.Services.AddWebSubHub().AddValidator<OurTopicsOnly>();
        app.MapWebSubHub("/hub");
    }
}
