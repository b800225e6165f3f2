using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Delivery.Behind;
using WebSub.Hub.Tests.Delivery.Sending;
using WebSub.Hub.Values;
using Xunit;

namespace WebSub.Hub.Tests.Delivery.Behind;

public sealed class BehindAttemptsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Origin_WithItsShare_GetsNoMore_AndOthersDo()
    {
        var attempts = new BehindAttempts(most: 10, mostPerOrigin: 2, _clock);
        var first = FakeAttempts.At("a");

        bool[] added =
        [
            attempts.Add(first, default),
            attempts.Add(FakeAttempts.At("a"), default),
            attempts.Add(FakeAttempts.At("a"), default),
            attempts.Add(FakeAttempts.At("b"), default),
        ];
        attempts.Remove(first);
        attempts.Remove(first);

        Assert.Equal([true, true, false, true], added);
        Assert.Equal(8, attempts.Room);
        Assert.True(attempts.Add(FakeAttempts.At("a"), default));
        Assert.False(attempts.Add(FakeAttempts.At("a"), default));
    }

    [Fact]
    public void Attempt_ThatWaitsForItsPlace_LeavesFiveSecondsOfItsClaim_OrIsNotMade()
    {
        var timeout = TimeSpan.FromSeconds(10);
        var attempts = new BehindAttempts(most: 10, mostPerOrigin: 2, _clock);
        var attempt = FakeAttempts.At("a");
        var claimedAt = Timestamp.Now(_clock);
        attempts.Add(attempt, claimedAt);

        var waited = TimeSpan.Zero;
        while (attempts.ClaimOf(attempt) == claimedAt)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            waited += TimeSpan.FromMilliseconds(10);
        }

        Assert.Null(attempts.ClaimOf(attempt));
        Assert.InRange(waited, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.01));
        Assert.InRange(BehindAttempts.ClaimFor(timeout) - waited - timeout, TimeSpan.FromSeconds(4.99), TimeSpan.FromSeconds(5));
    }
}
