namespace WebSub.Subscriber.Subscriptions;

/// <summary>
/// Which deliveries inline handlers took a moment ago. Nothing of theirs is stored, so this is how a repeat of one is recognised; queued
/// ones are recognised in the inbox.
/// </summary>
internal sealed class RecentDeliveries
{
    private const int Kept = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid Subscription, string BodyHash), List<EarlierDelivery>> _known = [];
    private readonly Queue<((Guid, string) Of, long Key)> _order = new();
    private long _last;

    /// <summary>True if the delivery repeats one that was taken.</summary>
    public bool IsRepeat(Guid subscription, string bodyHash, DeliveryMark delivery, RepeatRule rule)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue((subscription, bodyHash), out var earlier))
                return false;
            var verdict = rule.Judge(delivery, earlier);
            if (verdict.Half is { } half)
                earlier[earlier.IndexOf(half)] = half with { CallbackKeys = [.. half.CallbackKeys, delivery.CallbackKey!] };
            return !verdict.IsNew;
        }
    }

    /// <summary>Remembers a delivery that was taken, and forgets the oldest.</summary>
    public void Add(Guid subscription, string bodyHash, DeliveryMark delivery)
    {
        lock (_lock)
        {
            var of = (subscription, bodyHash);
            if (!_known.TryGetValue(of, out var same))
                _known.Add(of, same = []);
            same.Add(new(++_last, delivery, delivery.CallbackKey is { } key ? [key] : []));
            _order.Enqueue((of, _last));
            if (_order.Count > Kept)
                Forget(_order.Dequeue());
        }
    }

    private void Forget(((Guid, string) Of, long Key) oldest)
    {
        var same = _known[oldest.Of];
        same.RemoveAll(e => e.Key == oldest.Key);
        if (same.Count == 0)
            _known.Remove(oldest.Of);
    }
}
