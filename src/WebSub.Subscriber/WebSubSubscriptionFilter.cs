namespace WebSub.Subscriber;

/// <summary>Which subscriptions to list; a null property does not filter.</summary>
public sealed record WebSubSubscriptionFilter
{
    /// <summary>Only this one.</summary>
    public Guid? Id { get; init; }

    /// <summary>Only those of this handler.</summary>
    public string? Handler { get; init; }

    /// <summary>Only those in this state.</summary>
    public WebSubSubscriptionState? State { get; init; }
}
