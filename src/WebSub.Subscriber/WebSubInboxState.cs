namespace WebSub.Subscriber;

/// <summary>The state of a stored notification.</summary>
public enum WebSubInboxState
{
    /// <summary>Not handled yet: it is due, waits behind older ones, or is backing off.</summary>
    Waiting,

    /// <summary>Handled; kept for <see cref="WebSubInboxOptions.Retention"/>.</summary>
    Done,

    /// <summary>Its handler failed on every attempt; kept for <see cref="WebSubInboxOptions.ParkedRetention"/>.</summary>
    Parked,
}
