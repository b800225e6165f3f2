using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using WebSub.Publisher;
using WebSub.Publisher.Configuration;
using WebSub.Publisher.Diagnostics;
using WebSub.Publisher.Doctor;
using WebSub.Publisher.Hosting;
using WebSub.Publisher.Hubs;
using WebSub.Publisher.Links;
using WebSub.Publisher.Notifying;
using WebSub.Publisher.Storage;
using WebSub.Work;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a WebSub publisher to an app.</summary>
public static class WebSubPublisherServiceCollectionExtensions
{
    /// <summary>
    /// Adds the publisher: settings from <c>WebSub:Publisher</c>, then <paramref name="configure"/>. A second call only adds its own
    /// <paramref name="configure"/>. Updates are kept in <c>ConnectionStrings:WebSubPublisher</c>. Advertise pages and feeds with
    /// <c>endpoint.WithWebSubLinks()</c>, announce updates with <see cref="IWebSubPublisher"/>.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Changes the options in code; hubs added here join those of the settings.</param>
    public static IWebSubPublisherBuilder AddWebSubPublisher(
        this IServiceCollection services,
        Action<WebSubPublisherOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<WebSubPublisherOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<WebSubPublisherOptions>, PublisherOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebSubPublisherOptions>, PublisherOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Chance.Real);
        services.AddMetrics();
        services.AddHttpContextAccessor();
        services.TryAddSingleton<PublisherHubs>();
        services.TryAddSingleton<TopicNames>();
        services.TryAddSingleton<ResourceLinks>();
        services.TryAddSingleton<PublisherHttp>();
        AddStorage(services);
        AddNotifying(services);
        AddDiagnostics(services);
        if (configure is not null)
            services.Configure(configure);
        return new Builder(services);
    }

    private static void AddStorage(IServiceCollection services)
    {
        services.TryAddSingleton<PublisherDatabase>();
        services.TryAddSingleton<PingStore>();
        services.TryAddSingleton<HubStore>();
        services.TryAddSingleton<NoticeStore>();
        services.TryAddSingleton<Intake>();
        services.TryAddSingleton<PublicationList>();
    }

    private static void AddNotifying(IServiceCollection services)
    {
        services.TryAddSingleton<PublisherMetrics>();
        services.TryAddSingleton<NotifySignal>();
        services.TryAddSingleton<HubRun>();
        services.TryAddSingleton<IWebSubPublisher, StoredPublisher>();
        services.TryAddSingleton<PublisherNode>();
        AddHosted<PublisherNode>(services);
        services.TryAddSingleton<NotifyService>();
        AddHosted<NotifyService>(services);
    }

    private static void AddDiagnostics(IServiceCollection services)
    {
        services.TryAddSingleton<RecentTopics>();
        services.TryAddSingleton<TopicCheck>();
        services.TryAddSingleton<IWebSubPublisherDiagnostics, PublisherDoctor>();
        services.TryAddSingleton<StartupCheck>();
        AddHosted<StartupCheck>(services);
    }

    private static void AddHosted<T>(IServiceCollection services)
        where T : class, IHostedService =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, T>(p => p.GetRequiredService<T>()));

    private sealed class Builder(IServiceCollection services) : IWebSubPublisherBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}
