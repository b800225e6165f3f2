using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebSub.Subscriber.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the subscriber's health check.</summary>
public static class WebSubHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a health check of the subscriber: degraded while a hub counts as silent (<c>WebSub:Subscriber:Health</c>), unhealthy while its
    /// database is away.
    /// </summary>
    /// <param name="builder">The app's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="tags">The check's tags.</param>
    public static IHealthChecksBuilder AddWebSubSubscriber(
        this IHealthChecksBuilder builder,
        string name = "websub_subscriber",
        IEnumerable<string>? tags = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(
            new HealthCheckRegistration(name, p => ActivatorUtilities.CreateInstance<SubscriberHealthCheck>(p), failureStatus: null, tags)
        );
    }
}
