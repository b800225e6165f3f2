using Microsoft.Extensions.Logging;
using WebSub.Storage;
using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Hosting;

/// <summary>
/// Notices that a command in another process has changed rows, wakes the loops and answers the command. On PostgreSQL it is told by
/// <c>NOTIFY</c>, as of the work that other processes have stored; on SQLite it looks at one number twice a second, which writes nothing.
/// </summary>
internal sealed class CommandWatch(
    SubscriberDatabase database,
    SignalStore signals,
    SubscriptionStore subscriptions,
    CallbackPrefixes prefixes,
    LeaseSignal leases,
    InboxSignal inbox,
    SubscriberNode node,
    CommandSignal heard,
    TimeProvider time,
    ILogger<CommandWatch> logger
) : Loop(heard, time, logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookEveryWithNotify = TimeSpan.FromSeconds(2);
    private long? _seen;
    private Task? _listening;

    /// <inheritdoc/>
    protected override Task ReadyAsync(CancellationToken cancellationToken) => node.ReadyAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        var isNotified = database.Dialect == SqlDialect.PostgreSql;
        if (isNotified)
            _listening ??= KeepListeningAsync(cancellationToken);
        var asked = await signals.AskedAsync(cancellationToken);
        if (_seen != asked)
        {
            prefixes.AddOwn(await subscriptions.OwnPathsAsync(cancellationToken));
            leases.Raise();
            inbox.Raise();
            // What a command waits for is done by those that ask hubs.
            if (node.AnswersHubs)
                await signals.AnswerAsync(asked, cancellationToken);
            _seen = asked;
        }

        return isNotified ? LookEveryWithNotify : LookEvery;
    }

    private async Task KeepListeningAsync(CancellationToken cancellationToken)
    {
        // Do not run within the call that starts it.
        await Task.Yield();
        await LastingConnection.KeepAsync(
            token => signals.ListenAsync(Hear, token),
            new FailureLog(nameof(CommandWatch), Time, Logger).Report,
            Time,
            cancellationToken
        );
    }

    private void Hear(PeerNotice? notice)
    {
        switch (notice)
        {
            case PeerNotice.Inbox:
                inbox.Raise();
                break;
            case PeerNotice.Leases:
                leases.Raise();
                break;
            default:
                Signal.Raise();
                break;
        }
    }
}
