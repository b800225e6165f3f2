using System.Collections.Concurrent;

namespace WebSub.Subscriber.Leases;

/// <summary>
/// Gives the renewals at one hub places on a time line, evenly so many a second, so that a thousand leases of the same length do not reach it as
/// one burst. Who comes too early is told when to come again, and has that place then. A hub that says when to come again moves the line.
/// </summary>
internal sealed class HubPacer(int perSecond)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _next = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, (string Hub, DateTimeOffset At)> _places = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _held = new(StringComparer.Ordinal);

    /// <summary>When this request may go: now, or later.</summary>
    public DateTimeOffset Reserve(Guid request, string hub, DateTimeOffset now)
    {
        if (_places.TryGetValue(request, out var place))
        {
            if (place.At > now) return place.At;
            _places.TryRemove(request, out _);
            // The hub may have asked for a pause after the place was given.
            if (!_held.TryGetValue(hub, out var until) || until <= now) return now;
        }

        var step = TimeSpan.FromSeconds(1) / perSecond;
        var mine = _next.AddOrUpdate(hub, now + step, (_, next) => (next > now ? next : now) + step) - step;
        if (mine <= now) return now;
        _places[request] = (hub, mine);
        return mine;
    }

    /// <summary>The hub wants nothing before this time (429 or 503 with <c>Retry-After</c>).</summary>
    public void Hold(string hub, DateTimeOffset until)
    {
        _held[hub] = until;
        _next.AddOrUpdate(hub, until, (_, next) => next > until ? next : until);
    }
}
