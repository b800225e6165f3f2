using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WebSub.Hub.Access;
using WebSub.Hub.Administration;
using WebSub.Hub.Cluster;
using WebSub.Hub.Delivery;
using WebSub.Hub.Delivery.Behind;
using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Delivery.Replays;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Endpoints;
using WebSub.Hub.Events;
using WebSub.Hub.Health;
using WebSub.Hub.History;
using WebSub.Hub.Hosting;
using WebSub.Hub.OneProcess;
using WebSub.Hub.Predicates;
using WebSub.Hub.Publishing;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Streaming;
using WebSub.Hub.Subscribing;
using WebSub.Secrets;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Startup;

/// <summary>
/// The services of the hub, with one method per folder. Which of two classes implements a contract, SQLite's or the cluster's, and whether
/// the cluster's loops run at all, is known only once the settings have been read; it is decided here and nowhere else.
/// </summary>
internal static class HubServices
{
    public static IServiceCollection AddHosting(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Chance.Real);
        services.TryAddSingleton<HubClock>();
        services.AddMetrics();
        services.TryAddSingleton<HubMetrics>();
        services.TryAddSingleton<HubHttp>();
        services.TryAddSingleton<HubAddress>();
        services.TryAddSingleton<HubNode>();
        services.AddOfDatabase<INodeLife, LoneNode, NodeLife>();
        return services.AddHosted<HubEvents>().AddHosted<HubStart>();
    }

    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<HubDatabase>();
        services.TryAddSingleton(p => new DatabasePatience(
            p.GetRequiredService<HubDatabase>().Db.AskAsync,
            p.GetRequiredService<HubClock>()
        ));
        services.TryAddSingleton(p => new SecretBox(
            p.GetRequiredService<HubDatabase>().Db,
            "WebSub.Hub",
            HubDatabase.SealedSecrets,
            p,
            p.GetRequiredService<IOptions<HubOptions>>().Value.KeyRing
        ));
        services.TryAddSingleton<RequestStore>();
        services.TryAddSingleton<ActivationStore>();
        services.TryAddSingleton<TopicStore>();
        services.TryAddSingleton<SubscriptionStore>();
        services.TryAddSingleton<BehindStore>();
        services.TryAddSingleton<LaneStore>();
        services.TryAddSingleton<ReplayStore>();
        services.TryAddSingleton<HistoryStore>();
        services.TryAddSingleton<LeftoverStore>();
        return services;
    }

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton<ApiKeyStore>();
        services.TryAddSingleton<StoredKeys>();
        services.TryAddSingleton<KeyIssuer>();
        services.TryAddSingleton<CallerReader>();
        services.TryAddSingleton<PublisherAccess>();
        services.TryAddSingleton<OperatorAccess>();
        services.TryAddSingleton<ClientRateLimit>();
        return services;
    }

    public static IServiceCollection AddPublishing(this IServiceCollection services)
    {
        services.TryAddSingleton<FetchSignal>();
        services.TryAddSingleton<LogAnnouncer>();
        services.TryAddSingleton<TopicLog>();
        services.TryAddSingleton<TopicRequest>();
        services.TryAddSingleton<ReceivedBody>();
        services.TryAddSingleton<HubPublishing>();
        return services.AddHosted<TopicFetcher>();
    }

    public static IServiceCollection AddSubscribing(this IServiceCollection services)
    {
        services.TryAddSingleton<IntentSignal>();
        services.TryAddSingleton<IntentRequest>();
        services.TryAddSingleton<SubscriptionPolicy>();
        services.TryAddSingleton<SubscriptionValidators>();
        services.TryAddSingleton<Revoking>();
        return services.AddHosted<IntentVerifier>().AddTask<ExpirySweep>();
    }

    public static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.TryAddSingleton<LaneSignals>();
        services.TryAddSingleton<LaneRounds>();
        services.TryAddSingleton<HeadSignals>();
        services.TryAddSingleton<LaneMembership>();
        services.TryAddSingleton<EntryContents>();
        services.TryAddSingleton<EntryCache>();
        services.TryAddSingleton<DeliverySender>();
        services.TryAddSingleton<DeliveryMetrics>();
        services.TryAddSingleton<RecentAttempts>();
        services.TryAddSingleton<SendGate>();
        services.TryAddSingleton<DeliveryReports>();
        services.TryAddSingleton<LaneCalls>();
        services.TryAddSingleton<LaneSurroundings>();
        services.TryAddSingleton<LaneCache>();
        services.TryAddSingleton<LaneLoader>();
        services.AddOfDatabase<ILaneClaims, MemoryLaneClaims, PostgreSqlLaneClaims>();
        services.TryAddSingleton<BehindSignal>();
        services.TryAddSingleton<BehindSettlement>();
        services.TryAddSingleton<ReplaySignal>();
        return services.AddHosted<LaneService>().AddHosted<BehindService>().AddHosted<ReplayService>();
    }

    public static IServiceCollection AddAdministration(this IServiceCollection services)
    {
        services.TryAddSingleton<OperatorStore>();
        services.TryAddSingleton<NodeStore>();
        services.TryAddSingleton<ExplanationStore>();
        services.TryAddSingleton<ActionStore>();
        services.TryAddSingleton<ActionSignal>();
        services.TryAddSingleton<InspectionStore>();
        services.TryAddSingleton<HandPublishing>();
        services.TryAddSingleton<DeliveryPulse>();
        services.TryAddSingleton<MinuteStore>();
        services.TryAddSingleton<DeliveryMinutes>();
        services.TryAddSingleton<OverviewReader>();
        services.TryAddSingleton<IHubAdministration, HubAdministration>();
        services.TryAddSingleton<AdministrationEndpoint>();
        return services.AddHosted<ActionLoop>().AddTask<AuditSweep>().AddTask<DeliveryMinutesTask>();
    }

    public static IServiceCollection AddHistory(this IServiceCollection services)
    {
        services.TryAddSingleton<HistorySignal>();
        return services.AddTask<HistorySweep>();
    }

    public static IServiceCollection AddStreaming(this IServiceCollection services)
    {
        services.TryAddSingleton<ReadStore>();
        services.TryAddSingleton<LogReader>();
        services.TryAddSingleton<EventStreams>();
        services.TryAddSingleton<EventHistory>();
        services.TryAddSingleton<EventsEndpoint>();
        return services.AddTask<HeadPoll>();
    }

    public static IServiceCollection AddPredicates(this IServiceCollection services)
    {
        services.TryAddSingleton<PatternStore>();
        services.TryAddSingleton<MessageStore>();
        services.TryAddSingleton<MessageLog>();
        services.TryAddSingleton<PredicateSubscribing>();
        services.TryAddSingleton<PredicateRequests>();
        services.TryAddSingleton<SubscriptionsEndpoint>();
        services.TryAddSingleton<SubscriptionsList>();
        services.TryAddSingleton<MessagesEndpoint>();
        return services.AddTask<MessageSweep>();
    }

    public static IServiceCollection AddCluster(this IServiceCollection services)
    {
        services.TryAddSingleton<ClusterHints>();
        services.TryAddSingleton<IPeers>(p => IsShared(p) ? p.GetRequiredService<ClusterHints>() : new NoPeers());
        services.TryAddSingleton<NamedSignals>();
        services.TryAddSingleton<ClaimStore>();
        services.TryAddSingleton<ClockSync>();
        return services.AddHosted<ClusterLoops>();
    }

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.TryAddSingleton<StateStore>();
        services.TryAddSingleton<StateGauges>();
        services.TryAddSingleton<HubHealth>();
        return services.AddTask<StateSampler>();
    }

    public static IServiceCollection AddMaintenance(this IServiceCollection services)
    {
        services.TryAddSingleton(p =>
        {
            Func<CancellationToken, Task> ready = p.GetRequiredService<HubNode>().ReadyAsync;
            return ActivatorUtilities.CreateInstance<Maintenance>(p, ready);
        });
        return services.AddHosted<Maintenance>();
    }

    public static IServiceCollection AddEndpoints(this IServiceCollection services)
    {
        services.TryAddSingleton<PublishEndpoint>();
        services.TryAddSingleton<RegistrationEndpoint>();
        services.TryAddSingleton<SubscribeEndpoint>();
        services.TryAddSingleton<HubEndpoint>();
        services.TryAddSingleton<IWebSubHub, EmbeddedHub>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, BodyStartupFilter>());
        return services;
    }

    private static bool IsShared(IServiceProvider services) => services.GetRequiredService<HubDatabase>().IsShared;

    private static void AddOfDatabase<TService, TOneProcess, TCluster>(this IServiceCollection services)
        where TService : class
        where TOneProcess : TService
        where TCluster : TService =>
        services.TryAddSingleton<TService>(p =>
            IsShared(p) ? ActivatorUtilities.CreateInstance<TCluster>(p) : ActivatorUtilities.CreateInstance<TOneProcess>(p)
        );

    private static IServiceCollection AddTask<T>(this IServiceCollection services)
        where T : MaintenanceTask
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MaintenanceTask, T>());
        return services;
    }

    private static IServiceCollection AddHosted<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.TryAddSingleton<T>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, T>(p => p.GetRequiredService<T>()));
        return services;
    }
}
