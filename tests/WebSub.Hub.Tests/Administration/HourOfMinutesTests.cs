using WebSub.Hub.Administration;
using WebSub.Hub.Storage;
using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>Adding up the minutes of several nodes.</summary>
public sealed class HourOfMinutesTests
{
    private static readonly DatabaseTime Now = DatabaseTime.From(new DateTimeOffset(2026, 11, 28, 12, 30, 15, TimeSpan.Zero));

    [Fact]
    public void Minutes_OfTwoNodes_AddUp_AndTheirLatenciesAreThoseOfBoth()
    {
        var fast = Row(minutesAgo: 3, delivered: 98, failed: 1, [.. Enumerable.Repeat(0.001, 98)]);
        var slow = Row(minutesAgo: 3, delivered: 2, failed: 4, 8.0, 8.0);

        var hour = HourOfMinutes.Of([fast, slow, Row(59, 5, 0), Row(60, 7, 7)], Now);

        Assert.Equal(60, hour.Count);
        Assert.Equal(new(Now.ToMoment().AddSeconds(-15).AddMinutes(-3), 100, 5, 0.001, 8.192), hour[^4]);
        Assert.Equal(new(Now.ToMoment().AddSeconds(-15).AddMinutes(-59), 5, 0, null, null), hour[0]);
        Assert.Equal(105, hour.Sum(m => m.Delivered));
    }

    [Fact]
    public void Latencies_AsText_AreTheSameAgain_AlsoFromANodeWithMoreBuckets()
    {
        var (latencies, again) = (new LatencyBuckets(), new LatencyBuckets());
        foreach (var seconds in new[] { 0.001, 0.004, 0.004, 0.02 })
            latencies.Add(seconds);

        again.Add(latencies.ToString());
        var text = again.ToString();
        again.Add(string.Join(' ', Enumerable.Repeat(1, 100)));

        Assert.Equal(("1 0 0 0 2 0 0 0 0 1", ""), (text, new LatencyBuckets().ToString()));
        Assert.NotNull(again.Quantile(0.99));
    }

    private static MinuteRow Row(int minutesAgo, long delivered, long failed, params double[] seconds)
    {
        var latencies = new LatencyBuckets();
        foreach (var s in seconds)
            latencies.Add(s);
        return new()
        {
            BeganAt = HourOfMinutes.MinuteOf(Now) - TimeSpan.FromMinutes(minutesAgo),
            Delivered = delivered,
            Failed = failed,
            Latencies = latencies.ToString(),
        };
    }
}
