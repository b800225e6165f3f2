using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using WebSub.Subscriber;
using WebSub.Subscriber.Hosting;
using WebSub.Testing;
using WebSub.Testing.InMemory;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Runs an app's subscriber against scripted peers.</summary>
public static class WebSubTestingServiceCollectionExtensions
{
    private const string PublicUrl = "https://app.example";

    /// <summary>
    /// Runs the app's subscriber against a scripted hub in memory: no sockets, no names to resolve, and an empty database that is deleted
    /// with the app. Whatever the app posts goes to the hub, wherever its configuration says that hubs are; what it reads comes from one of
    /// the publishers, or else is an empty page that names the hub. Call it after the app's own services were added; a
    /// <c>PostConfigure&lt;WebSubSubscriberOptions&gt;</c> after it has the last word, for another database for example.
    /// </summary>
    /// <param name="services">The app's services.</param>
    /// <param name="hub">The hub.</param>
    /// <param name="publishers">Publishers whose pages the app may read.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseFakeWebSub(this IServiceCollection services, FakeHub hub, params FakePublisher[] publishers)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(hub);
        ArgumentNullException.ThrowIfNull(publishers);
        var network = new InMemoryNetwork(hub, publishers);
        services.AddSingleton(new SubscriberTransport(network));
        services.PostConfigureAll<HttpClientFactoryOptions>(client =>
            client.HttpMessageHandlerBuilderActions.Add(builder =>
            {
                if (builder.Name?.StartsWith(HubHttpClient.Prefix, StringComparison.Ordinal) == true)
                    builder.PrimaryHandler = network;
            })
        );
        services.TryAddSingleton<TemporaryDatabase>();
        services
            .AddOptions<WebSubSubscriberOptions>()
            .PostConfigure<TemporaryDatabase>(
                (options, database) =>
                {
                    if (options.PublicUrl is null || options.PublicUrl == WebSubSubscriberOptions.AutoPublicUrl)
                        options.PublicUrl = new(PublicUrl);
                    options.DefaultHub ??= new(hub.Url);
                    options.ConnectionString = database.ConnectionString;
                    options.StorageProvider = null;
                }
            );
        services.AddSingleton<IServer, TestServer>();
        services.AddSingleton<IHostedService>(p => ActivatorUtilities.CreateInstance<InMemoryApp>(p, hub));
        return services;
    }
}
