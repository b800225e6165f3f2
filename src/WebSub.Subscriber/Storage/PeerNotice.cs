namespace WebSub.Subscriber.Storage;

/// <summary>Of what a process tells the others that share its database.</summary>
internal enum PeerNotice
{
    /// <summary>Notifications wait for their handlers.</summary>
    Inbox,

    /// <summary>The due time of a subscription may have changed.</summary>
    Leases,
}
