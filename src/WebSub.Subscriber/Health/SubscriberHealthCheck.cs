using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebSub.Storage;
using WebSub.Subscriber.Storage;

namespace WebSub.Subscriber.Health;

/// <summary>Degraded while a hub counts as silent; unhealthy while the database is away.</summary>
internal sealed class SubscriberHealthCheck(HealthStore health) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var silent = await health.CountSilentAsync(cancellationToken);
            return silent == 0
                ? HealthCheckResult.Healthy("No hub has fallen silent.")
                : HealthCheckResult.Degraded(
                    $"The hubs of {silent} subscriptions have fallen silent (websub list --state Active shows them)."
                );
        }
        catch (Exception e) when (e is DatabaseException or System.Data.Common.DbException or TimeoutException)
        {
            return new(context.Registration.FailureStatus, "The subscriber's database does not answer.", e);
        }
    }
}
