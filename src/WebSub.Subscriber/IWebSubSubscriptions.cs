namespace WebSub.Subscriber;

/// <summary>The subscriptions of this app: ask for them, end them, list them. A singleton.</summary>
public interface IWebSubSubscriptions
{
    /// <summary>
    /// Saves the wish for a subscription and returns; discovery and the request to the hub follow once the server listens. The same target
    /// and handler again return the existing subscription: an ended or failed one is asked for anew, other options are applied.
    /// </summary>
    /// <param name="target">A resource to discover, or a topic and its hub.</param>
    /// <param name="handler">The name of a handler that was added with <c>AddHandler</c>.</param>
    /// <param name="options">How to subscribe; null keeps what an existing subscription has.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <exception cref="ArgumentException">
    /// There is no such handler, a secret is too long, or neither the target nor the settings name a hub.
    /// </exception>
    Task<WebSubSubscription> SubscribeAsync(
        WebSubTarget target,
        string handler,
        WebSubSubscribeOptions? options = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// Saves the wish to end a subscription and returns; the hub is asked and its verification answered in the background. Deliveries are
    /// accepted until it has confirmed, and answered 410 from then on. Ending an ended one does nothing.
    /// </summary>
    /// <param name="id">The subscription's <see cref="WebSubSubscription.Id"/>.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    Task UnsubscribeAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Has the hub asked again now, whatever the state: a renewal of an active subscription, a new request for any other. Returns once that
    /// is saved.
    /// </summary>
    /// <param name="id">The subscription's <see cref="WebSubSubscription.Id"/>.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    Task RenewAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Forgets a subscription and its stored notifications, without a word to its hub, which gets 410 from then on;
    /// <see cref="UnsubscribeAsync"/> tells the hub. Subscriptions that were found by this one's discovery go with it.
    /// </summary>
    /// <param name="id">The subscription's <see cref="WebSubSubscription.Id"/>.</param>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    Task DeleteAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>The subscriptions as they are now, in the order they were made.</summary>
    /// <param name="filter">Which ones; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<WebSubSubscription> ListAsync(WebSubSubscriptionFilter? filter = null, CancellationToken cancellationToken = default);
}
