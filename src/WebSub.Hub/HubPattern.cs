namespace WebSub.Hub;

/// <summary>What a callback gets messages of: a predicate subscription, without its secret and the query of its callback.</summary>
public sealed record HubPattern
{
    /// <summary>Never given to another one while it is there.</summary>
    public required string Id { get; init; }

    /// <summary>The topic, as it was subscribed to: itself and everything below it.</summary>
    public required string Topic { get; init; }

    /// <summary>The callback without user information and query.</summary>
    public required string Callback { get; init; }

    /// <summary>The subscription that all topics of the callback share.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>What that is doing.</summary>
    public HubSubscriptionState State { get; init; }

    /// <summary>True if its deliveries are signed with a secret.</summary>
    public bool IsSigned { get; init; }

    /// <summary>When its lease ends.</summary>
    public DateTimeOffset LeaseEnd { get; init; }

    /// <summary>When it was first stored.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}
