namespace WebSub.Subscriber;

/// <summary>What a process does, of several that share the subscriber's PostgreSQL database.</summary>
public enum WebSubSubscriberRole
{
    /// <summary>Answers hubs and runs handlers.</summary>
    All,

    /// <summary>Answers hubs, subscribes and renews, and runs inline handlers; queued notifications are left to workers.</summary>
    Callbacks,

    /// <summary>Runs queued handlers; needs no web server.</summary>
    Workers,
}
