namespace WebSub.Subscriber;

/// <summary>The stored notifications of queued handlers: list them, and replay those that are parked or handled. A singleton.</summary>
public interface IWebSubInbox
{
    /// <summary>The notifications as they are now, in order of arrival.</summary>
    /// <param name="filter">Which notifications to list; null for all that are kept.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<WebSubInboxItem> ListAsync(WebSubInboxFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Queues a notification again with a fresh set of attempts, ahead of newer ones of its subscription that are still waiting.
    /// </summary>
    /// <param name="id">Its <see cref="WebSubInboxItem.Id"/>.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <returns>False if it is already waiting, or is no longer kept.</returns>
    Task<bool> ReplayAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Reads the body of a notification, byte for byte as received.</summary>
    /// <param name="id">Its <see cref="WebSubInboxItem.Id"/>.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <returns>Null if it is no longer kept.</returns>
    Task<ReadOnlyMemory<byte>?> ReadBodyAsync(long id, CancellationToken cancellationToken = default);
}
