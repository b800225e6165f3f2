namespace WebSub.Subscriber.Subscriptions;

/// <summary>What became of a declared subscription.</summary>
internal enum SyncOutcome
{
    /// <summary>It did not exist.</summary>
    Created,

    /// <summary>Its hub is asked again.</summary>
    Requested,

    /// <summary>It is as declared.</summary>
    Kept,

    /// <summary>It was ended explicitly, and stays so.</summary>
    Unsubscribed,

    /// <summary>Its callback URL has changed, and <c>AutofixUrls</c> is false.</summary>
    Moved,
}
