namespace WebSub.Subscriber.Storage;

/// <summary>The states of a stored notification.</summary>
internal static class InboxState
{
    /// <summary>To be handled, now or after a back-off.</summary>
    public const string Waiting = "Waiting";

    /// <summary>Handled.</summary>
    public const string Done = "Done";

    /// <summary>Given up: its handler failed at every attempt.</summary>
    public const string Parked = "Parked";
}
