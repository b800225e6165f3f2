namespace WebSub.Subscriber.Storage;

/// <summary>What became of a delivery.</summary>
internal enum ArrivalResult
{
    /// <summary>It is stored and will be handled.</summary>
    New,

    /// <summary>It repeats one that is stored.</summary>
    Repeat,

    /// <summary>Its subscription has changed since it was read, or is gone: nothing was stored.</summary>
    Changed,
}
