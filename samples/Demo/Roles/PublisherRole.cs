using Demo.Feed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using WebSub.Hosting;
using WebSub.Publisher;

namespace Demo.Roles;

/// <summary>The publisher: a site with one feed, which names its hub in a Link header and in the feed itself.</summary>
internal static class PublisherRole
{
    private const string FeedPath = "/feed.atom";

    public static string FeedAt(LoopbackPort port) => port.Url + FeedPath;

    public static WebApplication Create(LoopbackPort port, string folder, string hub, ObservatoryFeed feed)
    {
        var builder = RoleHost.CreateBuilder(
            port,
            new() { ["ConnectionStrings:WebSubPublisher"] = $"Data Source={Path.Combine(folder, "publisher.db")}" }
        );
        builder.Services.AddWebSubPublisher(o => o.Hubs.Add(hub));

        var app = builder.Build();
        app.MapGet(
                FeedPath,
                (HttpContext context) =>
                {
                    var (document, version) = feed.Read(context.GetWebSubLinks());
                    return TypedResults.Bytes(
                        document,
                        "application/atom+xml; charset=utf-8",
                        entityTag: new EntityTagHeaderValue($"\"{version}\"")
                    );
                }
            )
            .WithWebSubLinks();
        return app;
    }

    /// <summary>Stores that the feed changed; the hub is notified in the background, with retries.</summary>
    public static Task PublishAsync(WebApplication publisher, string topic, CancellationToken cancellationToken) =>
        publisher.Services.GetRequiredService<IWebSubPublisher>().PublishAsync([topic], cancellationToken);
}
