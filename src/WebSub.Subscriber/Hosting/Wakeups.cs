namespace WebSub.Subscriber.Hosting;

/// <summary>New work has been stored: wakes the loops of this process, and those of the others that share its database.</summary>
internal sealed class Wakeups(SubscriberNode node, InboxSignal inbox, LeaseSignal leases, HealthSignal health, PeerSignal peers)
{
    private int _inboxUntold;
    private int _leasesUntold;

    /// <summary>A notification waits for its handler; another process may be free when this one is not.</summary>
    public void Inbox()
    {
        inbox.Raise();
        Volatile.Write(ref _inboxUntold, 1);
        peers.Raise();
    }

    /// <summary>The due time of a subscription may have changed. A process that asks hubs itself needs no other one for that.</summary>
    public void Leases()
    {
        leases.Raise();
        if (node.AnswersHubs)
            return;
        Volatile.Write(ref _leasesUntold, 1);
        peers.Raise();
    }

    /// <summary>A hub has verified a subscription; its topic may be wanted.</summary>
    public void Health() => health.Raise();

    /// <summary>What other processes have not been told of yet; they are now.</summary>
    public (bool Inbox, bool Leases) TakeUntold() =>
        (Interlocked.Exchange(ref _inboxUntold, 0) == 1, Interlocked.Exchange(ref _leasesUntold, 0) == 1);
}
