namespace WebSub.Subscriber;

/// <summary>
/// Handles notifications in the background: the hub has had its 200 already, the notification is stored, and what throws is tried again
/// later. Notifications of one subscription come one at a time in the order they arrived.
/// </summary>
public interface IWebSubHandler
{
    /// <summary>Handles one notification. It may come again after a crash or an exception, so handling twice must do no harm.</summary>
    /// <param name="notification">What the hub delivered.</param>
    /// <param name="cancellationToken">Fires when the app stops; the notification then comes again after the next start.</param>
    Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken);
}
