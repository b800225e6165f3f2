namespace WebSub.Subscriber;

/// <summary>
/// The stored notifications of queued handlers: look at them, and have parked or handled ones handled again. A singleton.
/// </summary>
public interface IWebSubInbox
{
    /// <summary>The notifications as they are now, in the order they arrived.</summary>
    /// <param name="filter">Which ones; null for all that are kept.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<WebSubInboxItem> ListAsync(WebSubInboxFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has a notification handled once more, with all its attempts anew: before the younger ones of its subscription that still wait.
    /// </summary>
    /// <param name="id">Its <see cref="WebSubInboxItem.Id"/>.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <returns>False if it waits already, or is kept no more.</returns>
    Task<bool> ReplayAsync(long id, CancellationToken cancellationToken = default);
}
