using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebSub.Storage;
using WebSub.Subscriber.Storage;

namespace WebSub.Subscriber.Health;

/// <summary>Degraded while a hub counts as silent; unhealthy while the database is away.</summary>
internal sealed class SubscriberHealthCheck(HealthStore health) : IHealthCheck
{
    private const int MostNamed = 3;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var silent = (await health.HubsAsync(cancellationToken)).Where(h => h.Silent > 0).ToList();
            return silent.Count == 0
                ? HealthCheckResult.Healthy("No hub has fallen silent.")
                : HealthCheckResult.Degraded(
                    $"Hubs have fallen silent: {string.Join(", ", silent.Take(MostNamed).Select(Words))}"
                        + $"{(silent.Count > MostNamed ? $", and {silent.Count - MostNamed} more" : "")} (websub hubs shows them).",
                    data: silent.ToDictionary(h => h.Hub, object (h) => h.State.ToString())
                );
        }
        catch (Exception e) when (e is DatabaseException or System.Data.Common.DbException or TimeoutException)
        {
            return new(context.Registration.FailureStatus, "The subscriber's database does not answer.", e);
        }
    }

    private static string Words(WebSubHubHealth hub) => $"{hub.Hub} for {hub.Silent} of {hub.Subscriptions} subscriptions";
}
