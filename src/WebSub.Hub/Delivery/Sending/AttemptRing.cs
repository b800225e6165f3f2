using WebSub.Hub.Values;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>The last attempts, of whatever subscriptions; a new one takes the place of the oldest. Not safe for several threads.</summary>
internal sealed class AttemptRing(int capacity)
{
    private readonly EndedAttempt[] _attempts = new EndedAttempt[capacity];
    private long _count;

    public void Add(in EndedAttempt attempt) => _attempts[_count++ % capacity] = attempt;

    /// <summary>Those of a subscription, the newest first.</summary>
    public IEnumerable<EndedAttempt> Of(SubscriptionId subscription)
    {
        for (var i = _count - 1; i >= Math.Max(0, _count - capacity); i--)
        {
            var attempt = _attempts[i % capacity];
            if (attempt.Subscription == subscription)
                yield return attempt;
        }
    }
}
