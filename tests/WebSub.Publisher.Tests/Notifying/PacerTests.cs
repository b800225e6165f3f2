using Microsoft.Extensions.Time.Testing;

namespace WebSub.Publisher.Notifying;

public sealed class PacerTests
{
    [Fact]
    public void Wait_MoreThanTheRate_IsSpreadOverTime()
    {
        var clock = new FakeTimeProvider();
        var pacer = new Pacer(4, clock);

        Task[] places = [.. Enumerable.Range(0, 5).Select(_ => pacer.WaitAsync(CancellationToken.None))];

        Assert.Equal(1, places.Count(p => p.IsCompleted));
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(3, places.Count(p => p.IsCompleted));
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.All(places, p => Assert.True(p.IsCompletedSuccessfully));
    }
}
