using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Storage;
using WebSub.Subscriber;
using WebSub.Subscriber.Callbacks;
using WebSub.Subscriber.Configuration;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Health;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Inbox;
using WebSub.Subscriber.Leases;
using WebSub.Subscriber.Managing;
using WebSub.Subscriber.Page;
using WebSub.Subscriber.Startup;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;
using WebSub.Subscriber.Tunnels;
using WebSub.Work;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a WebSub subscriber to an app.</summary>
public static class WebSubSubscriberServiceCollectionExtensions
{
    /// <summary>
    /// Adds the subscriber: settings from <c>WebSub:Subscriber</c>, then <paramref name="configure"/>. A second call only adds its own
    /// <paramref name="configure"/>. Map the callbacks with <c>app.MapWebSubCallbacks()</c>.
    /// </summary>
    public static IWebSubSubscriberBuilder AddWebSubSubscriber(
        this IServiceCollection services,
        Action<WebSubSubscriberOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!services.Any(s => s.ServiceType == typeof(CallbackEndpoint)))
        {
            services.AddSettings().AddStorage().AddSubscriptions().AddManaging().AddCallbacks().AddBackground();
        }

        if (configure is not null)
            services.Configure(configure);
        return new Builder(services);
    }

    private static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Chance.Real);
        services.AddOptions<WebSubSubscriberOptions>().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<WebSubSubscriberOptions>, SubscriberOptionsSetup>();
        services.AddSingleton<IValidateOptions<WebSubSubscriberOptions>, SubscriberOptionsValidator>();
        services.TryAddSingleton(new TunnelPlaces());
        services.AddSingleton<TunnelSearch>();
        services.AddSingleton<PublicUrlFinder>();
        return services;
    }

    private static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton(p => new SubscriberDatabase(p.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value, p));
        services.AddSingleton<SubscriptionStore>();
        services.AddSingleton<InboxArrivals>();
        services.AddSingleton<InboxStore>();
        services.AddSingleton<KnownCallbacks>();
        services.AddSingleton<HealthStore>();
        services.AddSingleton(p => new DatabasePatience(
            // Not opened before it is used: a command that works beside the app says so first.
            cancellationToken => p.GetRequiredService<SubscriberDatabase>().Database.AskAsync(cancellationToken),
            p.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton<SignalStore>();
        services.AddSingleton<ProcessStore>();
        services.AddSingleton<ProcessLife>();
        services.AddSingleton<IWebSubInbox, InboxAccess>();
        return services;
    }

    private static IServiceCollection AddSubscriptions(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<HandlerRegistry>();
        services.AddSingleton<HandlerRun>();
        services.AddSingleton(p => new CallbackUrls(p.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value));
        services.AddSingleton(p =>
            TransitionSettings.From(
                p.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value,
                p.GetRequiredService<CallbackUrls>().For,
                p.GetRequiredService<Chance>()
            )
        );
        services.AddSingleton<SubscriptionTransitions>();
        services.AddSingleton<OperatorTransitions>();
        services.AddSingleton<SubscriberMetrics>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<LeaseSignal>();
        services.AddSingleton<InboxSignal>();
        services.AddSingleton<HealthSignal>();
        services.AddSingleton<CommandSignal>();
        services.AddSingleton<PeerSignal>();
        services.AddSingleton<SubscriberNode>();
        services.AddSingleton<Wakeups>();
        services.AddSingleton<SubscriptionService>();
        services.AddSingleton<DeclaredSubscriptions>();
        services.AddSingleton<IWebSubSubscriptions>(p => p.GetRequiredService<SubscriptionService>());
        return services;
    }

    private static IServiceCollection AddManaging(this IServiceCollection services)
    {
        services.AddSingleton<SubscriptionManager>();
        services.AddSingleton<DeclaredSync>();
        services.AddSingleton<UrlFixer>();
        services.AddSingleton<InboxManager>();
        services.AddSingleton<SubscriptionTransfer>();
        services.AddSingleton<RunningApp>();
        services.AddSingleton<SubscriptionsPage>();
        services.AddSingleton<InboxPage>();
        services.AddSingleton<HubsPage>();
        services.AddSingleton<QuietLogs>();
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(p => p.GetRequiredService<QuietLogs>());
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(p => p.GetRequiredService<QuietLogs>());
        return services;
    }

    private static IServiceCollection AddCallbacks(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddSingleton(p => new CallbackPrefixes(p.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value.CallbackPrefix));
        services.AddSingleton<IStartupFilter, CallbackStartupFilter>();
        services.AddSingleton<IPostConfigureOptions<KestrelServerOptions>, HeaderBytes>();
        services.AddSingleton<VerificationCallback>();
        services.AddSingleton<RecentDeliveries>();
        services.AddSingleton<InlineCounts>();
        services.AddSingleton<DeliveryBody>();
        services.AddSingleton<DeliveryCallback>();
        services.AddSingleton<CallbackEndpoint>();
        return services;
    }

    private static IServiceCollection AddBackground(this IServiceCollection services)
    {
        services.AddHttpClient();
        services.AddSingleton<SubscriberHttp>();
        services.AddSingleton<DiscoveredBefore>();
        services.AddSingleton(p => new HubPacer(p.GetRequiredService<IOptions<WebSubSubscriberOptions>>().Value.RenewalsPerHubPerSecond));
        services.AddSingleton<RequestSender>();
        services.AddHostedService<SubscriberStart>();
        // Stopped in reverse order: the feed last, so that it passes on what the others still did.
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<ChangeFeed>());
        services.AddHostedService<LeaseService>();
        services.AddSingleton<InboxAttempts>();
        services.AddHostedService<InboxDispatcher>();
        services.AddHostedService<CommandWatch>();
        services.AddHostedService<PeerNotices>();
        services.AddSingleton<MaintenanceTask, DeadProcesses>();
        services.AddSingleton<MaintenanceTask, Heartbeat>();
        services.AddSingleton<MaintenanceTask, InboxSweep>();
        services.AddSingleton<MaintenanceTask, EndedSweep>();
        services.AddSingleton<TopicFetch>();
        services.AddSingleton<FoundUpdates>();
        services.AddSingleton<SilentHubs>();
        services.AddSingleton<MaintenanceTask>(p => p.GetRequiredService<InlineCounts>());
        services.AddSingleton<MaintenanceTask, SilenceWatch>();
        services.AddSingleton<MaintenanceTask, TopicPolls>();
        services.AddSingleton<MaintenanceTask, GapRepair>();
        services.AddSingleton<IHostedService>(p =>
            ActivatorUtilities.CreateInstance<Maintenance>(
                p,
                (Func<CancellationToken, Task>)p.GetRequiredService<SubscriberNode>().ReadyAsync
            )
        );
        return services;
    }

    private sealed class Builder(IServiceCollection services) : IWebSubSubscriberBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}
