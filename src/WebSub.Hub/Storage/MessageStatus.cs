namespace WebSub.Hub.Storage;

/// <summary>The statuses of a message.</summary>
internal static class MessageStatus
{
    /// <summary>Sent, and not decided.</summary>
    public const string Pending = "pending";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Pending, "received", "accepted", "rejected"];

    /// <summary>Those that stay: a message gets one of them once.</summary>
    public static IReadOnlyList<string> Final { get; } = ["accepted", "rejected"];
}
