using Microsoft.Extensions.Logging;
using WebSub.Storage;
using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Hosting;

/// <summary>
/// Tells other processes on the same PostgreSQL database of new work by <c>NOTIFY</c>, after the commit and coalesced: a notice in the
/// commit itself would put all commits in a row. One that is lost with its process is made up for by <see cref="Leases.DeadProcesses"/>.
/// </summary>
internal sealed class PeerNotices(
    SubscriberDatabase database,
    SignalStore signals,
    Wakeups wakeups,
    SubscriberNode node,
    PeerSignal signal,
    TimeProvider time,
    ILogger<PeerNotices> logger
) : Loop(signal, time, logger)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override Task ReadyAsync(CancellationToken cancellationToken) => node.ReadyAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var (inbox, leases) = wakeups.TakeUntold();
        if (database.Dialect == SqlDialect.PostgreSql)
        {
            if (inbox)
                await signals.TellAsync(PeerNotice.Inbox, cancellationToken);
            if (leases)
                await signals.TellAsync(PeerNotice.Leases, cancellationToken);
        }

        return LongestSleep;
    }
}
