using WebSub.Storage;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// What was last read of the callbacks that hubs call, so that not every delivery asks the database whose it is. It may be out of date:
/// good enough for taking a delivery, since <see cref="InboxArrivals"/> checks that it still holds, and never for refusing one.
/// </summary>
internal sealed class KnownCallbacks(SubscriptionStore store)
{
    private const long MaxBytes = 8L * 1024 * 1024;
    private const int SubscriptionCost = 2048;

    private readonly LruCache<(string Handler, string Key), Subscription?> _subscriptions = new(MaxBytes);

    /// <summary>The subscription as it was last read; null if it was not, or there was none.</summary>
    public Subscription? Find(string handler, string key) => _subscriptions.Find((handler, key));

    /// <summary>The subscription as it is now; null if the key was never issued under that handler name.</summary>
    public async Task<Subscription?> ReadAsync(string handler, string key, CancellationToken cancellationToken)
    {
        var subscription = await store.FindByKeyAsync(key, handler, cancellationToken);
        if (subscription is not null || Find(handler, key) is not null)
            _subscriptions.Set((handler, key), subscription, SubscriptionCost);
        return subscription;
    }
}
