using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;

namespace WebSub.Subscriber.Managing;

/// <summary>What an operator does with stored notifications by hand, beyond what <see cref="IWebSubInbox"/> offers apps.</summary>
internal sealed class InboxManager(InboxStore store, InboxSignal signal, TimeProvider time)
{
    /// <summary>A notification with its headers and body.</summary>
    /// <exception cref="ManagementException">There is none with this id.</exception>
    public async Task<InboxRow> GetAsync(long id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken)
        ?? throw new ManagementException($"There is no notification {id}; websub inbox list shows those that are kept.");

    /// <summary>Queues these again with a fresh set of attempts; returns those that were not waiting anyway.</summary>
    public async Task<IReadOnlyList<long>> ReplayAsync(IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        var replayed = new List<long>();
        foreach (var id in ids)
        {
            if (await store.ReplayAsync(id, time.GetUtcNow(), cancellationToken))
                replayed.Add(id);
        }

        signal.Raise();
        return replayed;
    }

    /// <summary>Deletes these, whatever their state: all or none. Those behind them are due then.</summary>
    public async Task<int> DropAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var dropped = await store.DropAsync(ids, time.GetUtcNow(), cancellationToken);
        signal.Raise();
        return dropped;
    }
}
