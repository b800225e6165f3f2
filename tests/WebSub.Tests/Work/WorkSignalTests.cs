using Microsoft.Extensions.Time.Testing;

namespace WebSub.Work;

public sealed class WorkSignalTests
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _clock = new();
    private readonly WorkSignal _signal = new();

    [Fact]
    public async Task Wait_Raised_Returns()
    {
        var wait = Wait();

        _signal.Raise();

        await wait;
    }

    [Fact]
    public async Task Wait_RaisedBefore_ReturnsAtOnce_OnceForSeveral()
    {
        _signal.Raise();
        _signal.Raise();

        await Wait();
        var second = Wait();

        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Wait_NotRaised_ReturnsWhenTheTimeIsOver()
    {
        var wait = Wait();

        _clock.Advance(AtMost - TimeSpan.FromMilliseconds(1));
        var early = wait.IsCompleted;
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await wait;

        Assert.False(early);
    }

    [Fact]
    public async Task Wait_Cancelled_Throws()
    {
        using var stopping = new CancellationTokenSource();
        var wait = _signal.WaitAsync(AtMost, _clock, stopping.Token);

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    private Task Wait() =>
        _signal.WaitAsync(AtMost, _clock, CancellationToken.None).WaitAsync(Deadline, TimeProvider.System, CancellationToken.None);
}
