namespace WebSub.Subscriber;

/// <summary>Creates, ends and lists this app's subscriptions. A singleton.</summary>
public interface IWebSubSubscriptions
{
    /// <summary>
    /// Saves a subscription and returns; discovery and the request to the hub follow once the server is listening. The same target and
    /// handler return the existing subscription: if it has ended or failed, it is requested again; different options are applied.
    /// </summary>
    /// <param name="target">A resource to discover, or a topic and its hub.</param>
    /// <param name="handler">The name of a handler added with <c>AddHandler</c>.</param>
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
    /// Saves that a subscription is to end and returns; the request to the hub and its verification follow in the background. Deliveries
    /// are accepted until the hub has verified, and answered 410 from then on. Ending a subscription that has ended does nothing.
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

    /// <summary>The subscriptions as they are now, oldest first.</summary>
    /// <param name="filter">Which subscriptions to list; null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<WebSubSubscription> ListAsync(WebSubSubscriptionFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>The hubs of the active subscriptions and what those show of them, the silent ones first.</summary>
    /// <param name="cancellationToken">Ends waiting for the database.</param>
    Task<IReadOnlyList<WebSubHubHealth>> ListHubsAsync(CancellationToken cancellationToken = default);
}
