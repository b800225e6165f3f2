namespace WebSub.Subscriber.Subscriptions;

/// <summary>What an operator wants of declared subscriptions beyond that they exist.</summary>
[Flags]
internal enum SyncFlags
{
    None = 0,

    /// <summary>The hub is asked again, even if the subscription is active or was ended explicitly.</summary>
    Force = 1,

    /// <summary>Failed attempts no longer count.</summary>
    ResetCounters = 2,
}
