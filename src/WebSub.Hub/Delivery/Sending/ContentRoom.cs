namespace WebSub.Hub.Delivery.Sending;

/// <summary>Whether there is room for one more content in memory.</summary>
internal enum ContentRoom
{
    /// <summary>There is, and it is taken.</summary>
    Entered,

    /// <summary>Not before other contents have left.</summary>
    Full,

    /// <summary>Not before contents have left that count on the same origin.</summary>
    ShareUsedUp,
}
