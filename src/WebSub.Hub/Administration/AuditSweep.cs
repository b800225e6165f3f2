using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Administration;

/// <summary>Prunes the audit log hourly.</summary>
internal sealed class AuditSweep(IOptions<HubOptions> options, ActionStore actions, HubClock time) : MaintenanceTask(Every)
{
    private const int Step = 500;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken) =>
        await actions.PruneAsync(DatabaseTime.Now(time) - TimeSpan.FromDays(options.Value.AuditDays), Step, cancellationToken) == Step;
}
