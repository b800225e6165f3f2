namespace WebSub.Subscriber;

/// <summary>
/// Handles notifications while the hub waits, and decides what it is answered. Nothing is stored and nothing is tried again by us.
/// </summary>
public interface IWebSubInlineHandler
{
    /// <summary>Handles one notification whose signature is good. An exception is logged and answered with 200.</summary>
    /// <param name="notification">What the hub delivered.</param>
    /// <param name="cancellationToken">Fires when the hub hangs up.</param>
    ValueTask<WebSubReply> HandleAsync(WebSubNotification notification, CancellationToken cancellationToken);
}
