namespace WebSub.Subscriber.Leases;

/// <summary>The renewals that wait for one hub. Not thread-safe; <see cref="HubPacer"/> is.</summary>
internal sealed class HubLine
{
    private readonly Dictionary<Guid, DateTimeOffset> _places = [];

    /// <summary>When the latest ones were sent, as many as may be sent at once.</summary>
    private readonly Queue<DateTimeOffset> _gone = new();

    private DateTimeOffset _end;
    private DateTimeOffset _heldUntil;

    /// <summary>When this request may go: now, or later.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The time.</param>
    /// <param name="step">From one place to the next.</param>
    /// <param name="atOnce">How many may go within that many steps, however late they come to their places.</param>
    public DateTimeOffset Reserve(Guid request, DateTimeOffset now, TimeSpan step, int atOnce)
    {
        while (_gone.Count > atOnce)
            _gone.Dequeue();
        var room = _gone.Count < atOnce ? now : _gone.Peek() + (step * atOnce);
        if (_places.TryGetValue(request, out var place))
        {
            if (place > now)
                return place;
            if (_heldUntil <= now && room <= now)
                return Go(request, now, atOnce);
            // If those before it were a little late, it waits for that little. If they were very late, all are, and they line up again.
            if (_heldUntil <= now && room - now < step)
                return _places[request] = room;
        }

        var mine = Later(Later(_end, now), room);
        _end = mine + step;
        if (mine <= now)
            return Go(request, now, atOnce);
        return _places[request] = mine;
    }

    /// <summary>No request goes before this time.</summary>
    public void Hold(DateTimeOffset until)
    {
        _heldUntil = Later(_heldUntil, until);
        _end = Later(_end, until);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private DateTimeOffset Go(Guid request, DateTimeOffset now, int atOnce)
    {
        _places.Remove(request);
        if (_gone.Count == atOnce)
            _gone.Dequeue();
        _gone.Enqueue(now);
        return now;
    }
}
