using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WebSub.Publisher;
using WebSub.Publisher.Links;
using WebSub.Publisher.Notifying;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a WebSub publisher to an app.</summary>
public static class WebSubPublisherServiceCollectionExtensions
{
    /// <summary>
    /// Adds the publisher: settings from <c>WebSub:Publisher</c>, then <paramref name="configure"/>. A second call adds nothing but its own
    /// <paramref name="configure"/>. Advertise pages and feeds with <c>endpoint.WithWebSubLinks()</c>, tell of updates with <see cref="IWebSubPublisher"/>.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Changes the options in code; hubs added here join those of the settings.</param>
    public static IServiceCollection AddWebSubPublisher(this IServiceCollection services, Action<WebSubPublisherOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<WebSubPublisherOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<WebSubPublisherOptions>, PublisherOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WebSubPublisherOptions>, PublisherOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ResourceLinks>();
        services.TryAddSingleton<PublisherHttp>();
        services.TryAddSingleton<IWebSubPublisher, DirectPublisher>();
        if (configure is not null) services.Configure(configure);
        return services;
    }
}
