namespace WebSub.Subscriber;

/// <summary>
/// Handles notifications in the background: the hub already has its 200, the notification is stored, and if the handler throws, it is
/// retried later. Notifications of one subscription are handled one at a time, in order of arrival.
/// </summary>
public interface IWebSubHandler
{
    /// <summary>Handles one notification. It may come again after a crash or an exception, so handling it twice must do no harm.</summary>
    /// <param name="notification">What the hub delivered.</param>
    /// <param name="cancellationToken">Fires when the app stops; the notification is then handled after the next start.</param>
    Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken);
}
