using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WebSub.Hub;
using WebSub.Hub.Access;
using WebSub.Hub.Cluster;
using WebSub.Hub.Configuration;
using WebSub.Hub.Delivery;
using WebSub.Hub.Delivery.Behind;
using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Endpoints;
using WebSub.Hub.Events;
using WebSub.Hub.History;
using WebSub.Hub.Hosting;
using WebSub.Hub.Predicates;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Hub.Subscribing;
using WebSub.Secrets;
using WebSub.Storage;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a WebSub hub to an app.</summary>
public static class WebSubHubServiceCollectionExtensions
{
    private const string SealedSecrets = """
        select 1 from {subscriptions} where secret is not null
        union all select 1 from {requests} where secret is not null
        union all select 1 from {patterns} where secret is not null
        """;

    /// <summary>
    /// Adds the hub; map its endpoint with <c>app.MapWebSubHub()</c>. Settings come from <c>WebSub:Hub</c> and
    /// <c>ConnectionStrings:WebSub</c> and are checked at start. Calling it twice is harmless.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Changes settings after they were read; null for none.</param>
    public static IWebSubHubBuilder AddWebSubHub(this IServiceCollection services, Action<HubOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HubOptions>, HubOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HubOptions>, HubOptionsValidator>());
        services.AddOptions<HubOptions>().ValidateOnStart();
        if (configure is not null)
            services.Configure(configure);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<HubClock>();
        services.TryAddSingleton<ClockSync>();
        AddHosted<ClockSync>(services);
        services.TryAddSingleton<HubEvents>();
        AddHosted<HubEvents>(services);
        services.TryAddSingleton<HubAddress>();
        services.TryAddSingleton<HubHttp>();
        services.TryAddSingleton<CallerReader>();
        services.TryAddSingleton<PublisherAccess>();
        services.TryAddSingleton<ClientRateLimit>();
        services.TryAddSingleton<HubEndpoint>();
        AddStorage(services);
        AddSubscribing(services);
        AddPublishing(services);
        AddDelivery(services);
        AddPredicates(services);
        return new Builder(services);
    }

    private static void AddStorage(IServiceCollection services)
    {
        services.TryAddSingleton<HubDatabase>();
        services.TryAddSingleton(p => new SecretBox(p.GetRequiredService<HubDatabase>().Db, "WebSub.Hub", SealedSecrets, p));
        services.TryAddSingleton<RequestStore>();
        services.TryAddSingleton<TopicStore>();
        services.TryAddSingleton<SubscriptionStore>();
        services.TryAddSingleton<BehindStore>();
        services.TryAddSingleton<LaneStore>();
        services.TryAddSingleton<HistoryStore>();
        services.TryAddSingleton<LeftoverStore>();
        services.TryAddSingleton<HistorySignal>();
        services.TryAddSingleton<HistorySweep>();
        AddHosted<HistorySweep>(services);
        services.TryAddSingleton<NodeLife>();
        services.TryAddSingleton<HubNode>();
        AddHosted<HubNode>(services);
    }

    private static void AddSubscribing(IServiceCollection services)
    {
        services.TryAddSingleton<IntentSignal>();
        services.TryAddSingleton<IntentRequest>();
        services.TryAddSingleton<VerificationPace>();
        services.TryAddSingleton<SubscriptionPolicy>();
        services.TryAddSingleton<SubscriptionValidators>();
        services.TryAddSingleton<SubscribeEndpoint>();
        services.TryAddSingleton<IntentVerifier>();
        AddHosted<IntentVerifier>(services);
        services.TryAddSingleton<ExpirySweep>();
        AddHosted<ExpirySweep>(services);
        services.TryAddSingleton<PredicateSubscribing>();
        services.TryAddSingleton<PredicateRequests>();
        services.TryAddSingleton<SubscriptionsEndpoint>();
        services.TryAddSingleton<SubscriptionsList>();
        services.TryAddSingleton<MessageStore>();
        services.TryAddSingleton<MessagesEndpoint>();
        services.TryAddSingleton<MessageSweep>();
        AddHosted<MessageSweep>(services);
    }

    private static void AddPublishing(IServiceCollection services)
    {
        services.TryAddSingleton<FetchSignal>();
        services.TryAddSingleton<LogAnnouncer>();
        services.TryAddSingleton<TopicLog>();
        services.TryAddSingleton<TopicRequest>();
        services.TryAddSingleton<PublishEndpoint>();
        services.TryAddSingleton<RegistrationEndpoint>();
        services.TryAddSingleton<HubPublishing>();
        services.TryAddSingleton<IWebSubHub>(p => p.GetRequiredService<HubPublishing>());
        services.TryAddSingleton<TopicFetcher>();
        AddHosted<TopicFetcher>(services);
    }

    private static void AddDelivery(IServiceCollection services)
    {
        services.TryAddSingleton<LaneSignals>();
        services.TryAddSingleton<ClusterWakeup>();
        services.TryAddSingleton<ClusterSignals>();
        AddHosted<ClusterSignals>(services);
        services.TryAddSingleton<ClaimStore>();
        services.TryAddSingleton<DeadNodes>();
        AddHosted<DeadNodes>(services);
        services.TryAddSingleton<WorkSweep>();
        AddHosted<WorkSweep>(services);
        services.TryAddSingleton<LaneMembership>();
        services.TryAddSingleton<BehindSignal>();
        services.TryAddSingleton<Chance>();
        services.TryAddSingleton<DeliveryReports>();
        services.TryAddSingleton<BehindSettlement>();
        services.TryAddSingleton<EntryCache>();
        services.TryAddSingleton<DeliverySender>();
        services.TryAddSingleton<SendGate>();
        services.TryAddSingleton<LaneCalls>();
        services.TryAddSingleton<LaneSurroundings>();
        services.TryAddSingleton<LaneCache>();
        services.TryAddSingleton<LaneLoader>();
        services.TryAddSingleton<ILaneClaims>(p =>
            p.GetRequiredService<HubDatabase>().Db.Dialect == SqlDialect.Sqlite
                ? ActivatorUtilities.CreateInstance<MemoryLaneClaims>(p)
                : ActivatorUtilities.CreateInstance<PostgreSqlLaneClaims>(p)
        );
        services.TryAddSingleton<LaneService>();
        AddHosted<LaneService>(services);
        services.TryAddSingleton<BehindService>();
        AddHosted<BehindService>(services);
    }

    private static void AddPredicates(IServiceCollection services)
    {
        services.TryAddSingleton<PatternStore>();
        services.TryAddSingleton<MessageLog>();
        services.TryAddSingleton<PatternSweep>();
        AddHosted<PatternSweep>(services);
    }

    private static void AddHosted<T>(IServiceCollection services)
        where T : class, IHostedService =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, T>(p => p.GetRequiredService<T>()));

    private sealed class Builder(IServiceCollection services) : IWebSubHubBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}
