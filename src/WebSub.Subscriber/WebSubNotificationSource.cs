namespace WebSub.Subscriber;

/// <summary>How a notification came to this app.</summary>
public enum WebSubNotificationSource
{
    /// <summary>The hub delivered it to the callback.</summary>
    Hub,

    /// <summary>The hub did not deliver it: a poll found that the topic had changed (<see cref="WebSubHealthOptions.Poll"/>).</summary>
    Poll,

    /// <summary>The hub did not deliver it, and it was read from the hub's history (<see cref="WebSubHealthOptions.FillGaps"/>).</summary>
    History,

    /// <summary>
    /// The topic's content when the hub had just verified the subscription (<see cref="WebSubHealthOptions.FetchAfterVerification"/>).
    /// </summary>
    Verification,
}
