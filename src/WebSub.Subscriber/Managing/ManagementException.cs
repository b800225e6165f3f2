namespace WebSub.Subscriber.Managing;

/// <summary>
/// What an operator asked for cannot be done; nothing was changed. The message is a sentence that says what would be right.
/// </summary>
internal sealed class ManagementException(string message) : Exception(message);
