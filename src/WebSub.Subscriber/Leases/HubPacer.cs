using System.Collections.Concurrent;

namespace WebSub.Subscriber.Leases;

/// <summary>
/// Gives the renewals at one hub places on a time line, so many a second, so that a thousand leases of the same length do not reach it as one
/// burst. Who comes too early is told when to come again, and has that place then.
/// </summary>
internal sealed class HubPacer(int perSecond)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _next = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _places = new();

    /// <summary>When this request may go: now, or later.</summary>
    public DateTimeOffset Reserve(Guid request, string hub, DateTimeOffset now)
    {
        if (_places.TryGetValue(request, out var place))
        {
            if (place > now) return place;
            _places.TryRemove(request, out _);
            return now;
        }

        var step = TimeSpan.FromSeconds(1) / perSecond;
        // A second's worth may go at once; the line moves on by one step for each.
        var end = _next.AddOrUpdate(hub, now + step, (_, next) => (next > now ? next : now) + step);
        var mine = end - TimeSpan.FromSeconds(1);
        if (mine <= now) return now;
        _places[request] = mine;
        return mine;
    }
}
