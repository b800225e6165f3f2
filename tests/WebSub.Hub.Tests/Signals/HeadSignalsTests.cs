using WebSub.Hub.Signals;
using WebSub.Hub.Values;
using Xunit;

namespace WebSub.Hub.Tests.Signals;

/// <summary>Waiting for a topic's log to grow.</summary>
public sealed class HeadSignalsTests
{
    private static readonly TopicId Topic = new(1);
    private readonly HeadSignals _heads = new();

    [Fact]
    public async Task Follower_IsWokenByWhatIsNew_AndDoesNotWaitForWhatItMissed()
    {
        using var follower = _heads.Follow(Topic);
        using var other = _heads.Follow(new(2));
        var (waiting, elsewhere) = (Wait(follower, above: 0, now: 0), Wait(other, above: 0, now: 0));

        _heads.Raise(Topic, 3);
        var heard = await waiting.WaitAsync(HubHost.Deadline, TestContext.Current.CancellationToken);
        var missed = Wait(follower, above: 2, now: 0);
        var again = Wait(follower, above: 3, now: 0);

        Assert.Equal((3, true, 3), (heard, missed.IsCompletedSuccessfully, await missed));
        Assert.False(again.IsCompleted);
        Assert.False(elsewhere.IsCompleted);
    }

    [Fact]
    public async Task Follower_ThatHasWaitedLongEnough_IsWoken_AndTheOthersAreNot()
    {
        using var early = _heads.Follow(Topic);
        using var late = _heads.Follow(Topic);
        var (first, second) = (Wait(early, above: 0, now: 100), Wait(late, above: 0, now: 101));

        _heads.WakeThoseOf(since: 100);
        var heard = await first.WaitAsync(HubHost.Deadline, TestContext.Current.CancellationToken);

        Assert.Equal(0, heard);
        Assert.False(second.IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Follower_AtTheEnd_IsWoken_AndWaitsNoMore(bool ofAll)
    {
        using var follower = _heads.Follow(Topic);
        var waiting = Wait(follower, above: 0, now: 0);

        if (ofAll)
            _heads.End();
        else
            follower.End();
        await waiting.WaitAsync(HubHost.Deadline, TestContext.Current.CancellationToken);

        Assert.True(Wait(follower, above: 0, now: 0).IsCompleted);
    }

    [Fact]
    public void Topic_ThatNobodyFollowsAnyMore_IsForgotten()
    {
        var (one, two) = (_heads.Follow(Topic), _heads.Follow(Topic));

        one.Dispose();
        var between = _heads.Topics;
        two.Dispose();

        Assert.Equal([Topic], between);
        Assert.Empty(_heads.Topics);
    }

    private static Task<long> Wait(HeadSignals.Follower follower, long above, long now) => follower.WaitAsync(above, now).AsTask();
}
