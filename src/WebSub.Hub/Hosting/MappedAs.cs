namespace WebSub.Hub.Hosting;

/// <summary>Marks an endpoint whose path, including the prefix of its group, says where the hub is reached.</summary>
internal enum MappedAs
{
    /// <summary>The hub itself.</summary>
    Hub,

    /// <summary>Where predicates are subscribed to.</summary>
    Subscriptions,

    /// <summary>Where messages are posted; each is read below it.</summary>
    Messages,
}
