namespace WebSub.Subscriber;

/// <summary>
/// Handles notifications while the hub waits, and decides the response. Nothing is stored, and nothing is retried on this side.
/// </summary>
public interface IWebSubInlineHandler
{
    /// <summary>Handles one notification whose signature is valid. An exception is logged and answered with 200.</summary>
    /// <param name="notification">What the hub delivered.</param>
    /// <param name="cancellationToken">Fires when the hub hangs up.</param>
    ValueTask<WebSubReply> HandleAsync(WebSubNotification notification, CancellationToken cancellationToken);
}
