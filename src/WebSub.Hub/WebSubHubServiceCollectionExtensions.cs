using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using WebSub.Hub;
using WebSub.Hub.Configuration;
using WebSub.Hub.Startup;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a WebSub hub to an app.</summary>
public static class WebSubHubServiceCollectionExtensions
{
    /// <summary>
    /// Adds the hub; map its endpoint with <c>app.MapWebSubHub()</c>. Settings come from <c>WebSub:Hub</c> and
    /// <c>ConnectionStrings:WebSub</c> and are checked at startup. Calling it twice is harmless.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">Changes the settings after they have been read; null to leave them as they are.</param>
    public static IWebSubHubBuilder AddWebSubHub(this IServiceCollection services, Action<HubOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HubOptions>, HubOptionsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HubOptions>, HubOptionsValidator>());
        services.AddOptions<HubOptions>().ValidateOnStart();
        if (configure is not null)
            services.Configure(configure);

        services
            .AddHosting()
            .AddStorage()
            .AddAccess()
            .AddPublishing()
            .AddSubscribing()
            .AddDelivery()
            .AddAdministration()
            .AddHistory()
            .AddStreaming()
            .AddPredicates()
            .AddCluster()
            .AddHealth()
            .AddMaintenance()
            .AddEndpoints();
        return new Builder(services);
    }

    private sealed class Builder(IServiceCollection services) : IWebSubHubBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}
