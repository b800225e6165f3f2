using Microsoft.Extensions.Diagnostics.HealthChecks;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Health;

/// <summary>
/// Whether this process can take requests and delivers. However many ask, the database is asked once a second; what it says when it fails
/// is in the log, not in the answer.
/// </summary>
internal sealed class HubHealth(HubNode node, HubDatabase database, StateStore store, HubClock time) : IHealthCheck
{
    /// <summary>How long the database may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    /// <summary>Work that is due this long is late: a loop hangs, or there is more to do than is done.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private Task<HealthCheckResult>? _looking;
    private long _lookedAt;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_looking is null || (_looking.IsCompleted && time.GetElapsedTime(_lookedAt) >= FreshFor))
                (_looking, _lookedAt) = (LookAsync(), time.GetTimestamp());
            return _looking.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthCheckResult> LookAsync()
    {
        await Task.Yield();
        using var enough = new CancellationTokenSource(Patience, time);
        var looking = OldestDueAsync(enough.Token);
        await ((Task)looking).WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!looking.IsCompletedSuccessfully)
        {
            _ = looking.ContinueWith(
                static t => _ = t.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
            return HealthCheckResult.Unhealthy("The database does not answer as it should.");
        }

        if (node.Stopping.IsCancellationRequested)
            return HealthCheckResult.Unhealthy("The hub is stopping.");
        if (!node.IsSeen)
            return HealthCheckResult.Unhealthy(
                "The session that shows other nodes that this one is alive is lost; nothing is delivered here."
            );
        // A node that only takes in is not to blame for what others leave undone, and can still take in.
        var oldest = node.Delivers ? await looking : TimeSpan.Zero;
        return oldest > Late
            ? HealthCheckResult.Degraded($"Work is due since {oldest.TotalSeconds:0} s that nobody does.")
            : HealthCheckResult.Healthy("The database answers, and no work is late.");
    }

    private async Task<TimeSpan> OldestDueAsync(CancellationToken cancellationToken)
    {
        await database.Db.AskAsync(cancellationToken);
        return await store.OldestDueAsync(DatabaseTime.Now(time), cancellationToken);
    }
}
