using Microsoft.Extensions.Options;
using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Inbox;

/// <summary>Removes notifications whose retention has ended.</summary>
internal sealed class InboxSweep(InboxStore inbox, IOptions<WebSubSubscriberOptions> options, TimeProvider time)
    : MaintenanceTask(TimeSpan.FromHours(1))
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await inbox.PruneAsync(now - options.Value.Inbox.Retention, now - options.Value.Inbox.ParkedRetention, cancellationToken);
        return false;
    }
}
