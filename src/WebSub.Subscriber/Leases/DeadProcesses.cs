using Microsoft.Extensions.Logging;
using WebSub.Storage;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Leases;

/// <summary>
/// Releases the claims of a process that is gone, on PostgreSQL: one that was killed is replaced within a second, not when its claims end.
/// </summary>
internal sealed class DeadProcesses(
    SubscriberDatabase database,
    ProcessStore processes,
    ProcessLife life,
    Wakeups wakeups,
    ILogger<DeadProcesses> logger
) : MaintenanceTask(TimeSpan.FromSeconds(1))
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (database.Dialect == SqlDialect.Sqlite || !life.MayJudge)
            return false;
        var dead = await processes.FindDeadAsync(cancellationToken);
        if (dead.Count == 0)
            return false;

        foreach (var gone in await processes.FreeAsync(dead, cancellationToken))
            Log.ProcessGone(logger, gone);
        // Also for what it had stored and told nobody of. The others are told too: this process may not be the one to do it.
        wakeups.Inbox();
        wakeups.Leases();
        return false;
    }
}
