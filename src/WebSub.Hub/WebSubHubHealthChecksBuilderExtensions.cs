using WebSub.Hub.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the hub to an app's health checks.</summary>
public static class WebSubHubHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds the check <c>websub-hub</c>, tagged <c>ready</c>: unhealthy while the database does not answer, or the session is lost that
    /// shows other nodes that this one is alive; degraded while work is due for more than a minute and nobody does it.
    /// </summary>
    /// <param name="builder">The app's health checks: <c>services.AddHealthChecks()</c>.</param>
    public static IHealthChecksBuilder AddWebSubHub(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<HubHealth>("websub-hub", tags: ["ready"]);
    }
}
