namespace WebSub.Subscriber.Leases;

/// <summary>
/// Gives the renewals at one hub evenly spaced places on a time line, so that a thousand leases of the same length do not reach it in one
/// burst. A request that comes too early is given a time to come back, and its place is kept until then. A hub's <c>Retry-After</c> moves
/// the whole line.
/// </summary>
/// <remarks>
/// It is not a <c>Rate</c>: a place belongs to a request, which leaves it and comes back from the database, a hub may hold the whole line,
/// and several processes share one pace.
/// </remarks>
/// <param name="perSecond">How many may go to one hub within any second, from all processes together.</param>
internal sealed class HubPacer(int perSecond)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HubLine> _lines = new(StringComparer.Ordinal);

    /// <summary>How many processes share the database, and so the hubs; each takes its part of the pace.</summary>
    public int Sharers { get; set; } = 1;

    /// <summary>When this request may go: now, or later.</summary>
    public DateTimeOffset Reserve(Guid request, string hub, DateTimeOffset now)
    {
        var sharers = Math.Max(1, Sharers);
        lock (_lock)
            return LineTo(hub).Reserve(request, now, TimeSpan.FromSeconds(1) / perSecond * sharers, Math.Max(1, perSecond / sharers));
    }

    /// <summary>The hub wants no requests before this time (429 or 503 with <c>Retry-After</c>).</summary>
    public void Hold(string hub, DateTimeOffset until)
    {
        lock (_lock)
            LineTo(hub).Hold(until);
    }

    private HubLine LineTo(string hub)
    {
        if (!_lines.TryGetValue(hub, out var line))
            _lines[hub] = line = new();
        return line;
    }
}
