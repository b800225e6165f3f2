namespace WebSub.Subscriber;

/// <summary>How far a stored notification has come.</summary>
public enum WebSubInboxState
{
    /// <summary>It is to be handled: now, after those before it, or after a back-off.</summary>
    Waiting,

    /// <summary>It was handled; kept for <see cref="WebSubInboxOptions.Retention"/>.</summary>
    Done,

    /// <summary>Its handler failed at every attempt; kept for <see cref="WebSubInboxOptions.ParkedRetention"/>.</summary>
    Parked,
}
