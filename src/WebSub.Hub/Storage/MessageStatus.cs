namespace WebSub.Hub.Storage;

/// <summary>The statuses of a message.</summary>
internal static class MessageStatus
{
    /// <summary>Sent, not yet decided.</summary>
    public const string Pending = "pending";

    /// <summary>All statuses.</summary>
    public static IReadOnlyList<string> All { get; } = [Pending, "received", "accepted", "rejected"];

    /// <summary>The statuses that are final: a message gets one of them once.</summary>
    public static IReadOnlyList<string> Final { get; } = ["accepted", "rejected"];
}
