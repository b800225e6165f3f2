using Demo.Steps;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Hosting;
using WebSub.Subscriber;

namespace Demo.Roles;

/// <summary>The subscriber: the five lines of the README, and a listener that prints what the library does.</summary>
internal static class SubscriberRole
{
    public static WebApplication Create(
        LoopbackPort port,
        string folder,
        string feed,
        TimeSpan lease,
        StepLog log,
        Func<WebSubNotification, CancellationToken, Task> onNotification
    )
    {
        var builder = RoleHost.CreateBuilder(
            port,
            new()
            {
                ["ConnectionStrings:WebSubSubscriber"] = $"Data Source={Path.Combine(folder, "subscriber.db")}",
                ["WebSub:Subscriber:LeaseSeconds"] = $"{lease.TotalSeconds}",
                // With leases of seconds, a busy machine needs more time than the usual quarter.
                ["WebSub:Subscriber:RenewAtFraction"] = "0.5",
            }
        );
        builder.Services.AddSingleton(log);
        builder
            .Services.AddWebSubSubscriber(o => o.PublicUrl = new(port.Url))
            .AddHandler("news", onNotification)
            .AddSubscription(feed, handler: "news")
            .AddEvents<StepEvents>();

        var app = builder.Build();
        app.MapWebSubCallbacks();
        return app;
    }

    /// <summary>Ends every subscription; the hub's verification comes later.</summary>
    public static async Task UnsubscribeAsync(WebApplication subscriber, CancellationToken cancellationToken)
    {
        var subscriptions = subscriber.Services.GetRequiredService<IWebSubSubscriptions>();
        await foreach (var subscription in subscriptions.ListAsync(cancellationToken: cancellationToken))
            await subscriptions.UnsubscribeAsync(subscription.Id, cancellationToken);
    }
}
