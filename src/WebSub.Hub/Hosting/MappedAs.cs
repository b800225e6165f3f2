namespace WebSub.Hub.Hosting;

/// <summary>Marks an endpoint whose path tells where the hub is reached; a group it is mapped in counts.</summary>
internal enum MappedAs
{
    /// <summary>The hub itself.</summary>
    Hub,

    /// <summary>Subscribing to predicates.</summary>
    Subscriptions,

    /// <summary>Posting messages; each is read below it.</summary>
    Messages,
}
