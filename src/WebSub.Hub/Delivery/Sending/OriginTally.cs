using WebSub.Hub.Storage;
using WebSub.Storage;

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
        _newest = NumberOf(at);
        ref var span = ref _spans[_newest % Spans];
        if (span.Span != _newest)
            span = (_newest, 0, 0);
        if (isDelivered)
            span.Delivered++;
        else
            span.Failed++;
    }

    /// <summary>When the span of a moment began.</summary>
    public static DatabaseTime SpanOf(DateTimeOffset moment) => BeginOf(NumberOf(moment));

    /// <summary>When the hour began that ends with the span of a moment.</summary>
    public static DatabaseTime HourOf(DateTimeOffset now) => BeginOf(FirstOf(now));

    /// <summary>The spans since a moment within the hour before in which anything ended.</summary>
    public IEnumerable<OriginSpan> Since(DatabaseTime since, string origin) =>
        _spans
            .Where(s => s.Delivered + s.Failed > 0 && BeginOf(s.Span) >= since)
            .Select(s => new OriginSpan(BeginOf(s.Span), origin, s.Delivered, s.Failed));

    /// <summary>What was accepted and what was not in the hour before.</summary>
    public (long Delivered, long Failed) At(DateTimeOffset now)
    {
        var first = FirstOf(now);
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
    public bool IsOver(DateTimeOffset now) => _newest < FirstOf(now);

    private static long NumberOf(DateTimeOffset moment) => moment.UtcTicks / SpanTicks;

    private static long FirstOf(DateTimeOffset now) => NumberOf(now) - Spans + 1;

    private static DatabaseTime BeginOf(long number) => DatabaseTime.From(new DateTimeOffset(number * SpanTicks, TimeSpan.Zero));
}
