using Microsoft.Extensions.Time.Testing;
using WebSub.Storage;
using WebSub.Testing;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>Moments as the database keeps them.</summary>
public sealed class DatabaseTimeTests
{
    private static readonly DateTimeOffset Moment = new(2026, 6, 2, 12, 0, 0, TimeSpan.FromHours(2));

    [Fact]
    public void From_AMomentAndBack_IsTheSameInstantCutToTheMicrosecond()
    {
        var sut = DatabaseTime.From(Moment.AddTicks(19));

        Assert.Equal(Moment.AddTicks(10), sut.ToMoment());
        Assert.Equal(TimeSpan.Zero, sut.ToMoment().Offset);
        Assert.Equal(1_780_394_400_000_001, sut.Microseconds);
    }

    [Fact]
    public void Now_IsWhatTheClockSays()
    {
        Assert.Equal(DatabaseTime.From(Moment), DatabaseTime.Now(new FakeTimeProvider(Moment)));
    }

    [Fact]
    public void From_NoMoment_IsNone()
    {
        Assert.Null(DatabaseTime.From(null));
    }

    [Fact]
    public void Lengths_CanBeAddedTakenAwayAndMeasured()
    {
        var sut = DatabaseTime.From(Moment);

        var later = sut + TimeSpan.FromMinutes(1);

        Assert.Equal(60_000_000, later.Microseconds - sut.Microseconds);
        Assert.Equal(TimeSpan.FromMinutes(1), later - sut);
        Assert.Equal(sut, later - TimeSpan.FromMinutes(1));
        Assert.Equal(60_000_000, DatabaseTime.LengthOf(TimeSpan.FromMinutes(1)));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void Order_IsThatOfTheMicroseconds(long left, long right)
    {
        var (one, other) = (new DatabaseTime(left), new DatabaseTime(right));

        Assert.Equal(
            (left < right, left <= right, left > right, left >= right, left.CompareTo(right)),
            (one < other, one <= other, one > other, one >= other, one.CompareTo(other))
        );
        Assert.Equal(
            (Math.Min(left, right), Math.Max(left, right)),
            (DatabaseTime.Min(one, other).Microseconds, DatabaseTime.Max(one, other).Microseconds)
        );
    }
}
