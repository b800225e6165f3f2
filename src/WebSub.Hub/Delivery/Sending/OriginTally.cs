namespace WebSub.Hub.Delivery.Sending;

/// <summary>How the attempts of an origin ended within the last hour, in spans of five minutes. Not safe for several threads.</summary>
internal sealed class OriginTally
{
    private const int Spans = 12;
    private static readonly long SpanTicks = TimeSpan.FromMinutes(5).Ticks;
    private readonly (long Span, int Delivered, int Failed)[] _spans = new (long, int, int)[Spans];
    private long _newest;

    public void Add(DateTimeOffset at, bool isDelivered)
    {
        _newest = at.UtcTicks / SpanTicks;
        ref var span = ref _spans[_newest % Spans];
        if (span.Span != _newest)
            span = (_newest, 0, 0);
        if (isDelivered)
            span.Delivered++;
        else
            span.Failed++;
    }

    /// <summary>What was accepted and what was not in the hour before.</summary>
    public (long Delivered, long Failed) At(DateTimeOffset now)
    {
        var first = (now.UtcTicks / SpanTicks) - Spans + 1;
        var (delivered, failed) = (0L, 0L);
        foreach (var span in _spans)
        {
            if (span.Span < first)
                continue;
            delivered += span.Delivered;
            failed += span.Failed;
        }

        return (delivered, failed);
    }

    /// <summary>True if there was nothing within the hour before.</summary>
    public bool IsOver(DateTimeOffset now) => _newest <= (now.UtcTicks / SpanTicks) - Spans;
}
