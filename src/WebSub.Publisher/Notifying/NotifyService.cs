using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Publisher.Diagnostics;
using WebSub.Publisher.Hosting;
using WebSub.Publisher.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Publisher.Notifying;

/// <summary>Takes in what was published, claims the hubs that are due, and runs each.</summary>
internal sealed class NotifyService(
    PublisherNode node,
    Intake intake,
    HubStore hubs,
    HubRun run,
    NotifySignal signal,
    IOptions<WebSubPublisherOptions> options,
    TimeProvider time,
    ILogger<NotifyService> logger
) : ClaimLoop<HubClaim>(signal, time, logger)
{
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    protected override TimeSpan LongestSleep => options.Value.PollInterval > ShortestPoll ? options.Value.PollInterval : ShortestPoll;

    /// <inheritdoc/>
    protected override Task ReadyAsync(CancellationToken cancellationToken) => node.ReadyAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        while (await intake.HasWorkAsync(cancellationToken))
        {
            var taken = await intake.RunAsync(options.Value.CoalesceInterval, DatabaseTime.Now(Time), cancellationToken);
            foreach (var topic in taken.Unserved)
                Log.Unserved(Logger, topic);
        }
    }

    /// <inheritdoc/>
    protected override async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken) =>
        await hubs.NextDueAsync(cancellationToken) is { } due ? due.ToMoment() : null;

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<HubClaim>> ClaimAsync(int room, CancellationToken cancellationToken)
    {
        var now = DatabaseTime.Now(Time);
        return hubs.ClaimAsync(node.Name, now, run.ClaimEnd(now), cancellationToken);
    }

    /// <inheritdoc/>
    protected override string NameOf(HubClaim item) => item.Url;

    /// <inheritdoc/>
    protected override Task RunAsync(HubClaim item, CancellationToken cancellationToken) => run.RunAsync(item, cancellationToken);
}
