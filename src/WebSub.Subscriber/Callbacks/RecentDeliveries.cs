namespace WebSub.Subscriber.Callbacks;

/// <summary>
/// Which deliveries inline handlers took a moment ago. Nothing of theirs is stored, so this is how an update that comes over a callback and
/// over the one it replaced is recognised; queued ones are recognised in the inbox.
/// </summary>
internal sealed class RecentDeliveries
{
    private const int Kept = 10_000;
    private readonly Lock _lock = new();
    private readonly HashSet<(Guid, string, string)> _known = [];
    private readonly Queue<(Guid, string, string)> _order = new();

    public bool Contains(Guid subscription, string deliveryId, string replay)
    {
        lock (_lock)
            return _known.Contains((subscription, deliveryId, replay));
    }

    public void Add(Guid subscription, string deliveryId, string replay)
    {
        lock (_lock)
        {
            if (!_known.Add((subscription, deliveryId, replay)))
                return;
            _order.Enqueue((subscription, deliveryId, replay));
            if (_order.Count > Kept)
                _known.Remove(_order.Dequeue());
        }
    }
}
