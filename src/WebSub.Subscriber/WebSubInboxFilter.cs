using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber;

/// <summary>Which stored notifications to list; a null property does not filter.</summary>
public sealed record WebSubInboxFilter
{
    /// <summary>Only those of this subscription.</summary>
    public Guid? Subscription { get; init; }

    /// <summary>Only those in this state.</summary>
    public WebSubInboxState? State { get; init; }
}
