using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace WebSub.Work;

public sealed class LoopTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _clock = new();
    private readonly WorkSignal _signal = new();
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<int> _steps = Channel.CreateUnbounded<int>();
    private int _count;

    [Fact]
    public async Task Repeat_StepThatSaysHowLong_SleepsAsLong()
    {
        _ = RepeatAsync(_ => TimeSpan.FromSeconds(10));
        await NextStepAsync();

        _clock.Advance(TimeSpan.FromSeconds(9));
        var early = _steps.Reader.TryPeek(out var _);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((false, 2), (early, await NextStepAsync()));
    }

    [Fact]
    public async Task Repeat_Woken_StepsAtOnce()
    {
        _ = RepeatAsync(_ => TimeSpan.FromHours(1));
        await NextStepAsync();

        _signal.Raise();

        Assert.Equal(2, await NextStepAsync());
    }

    [Fact]
    public async Task Repeat_StepThatHasMore_IsFollowedByTheNext()
    {
        _ = RepeatAsync(step => step < 3 ? TimeSpan.Zero : TimeSpan.FromHours(1));

        var steps = new[] { await NextStepAsync(), await NextStepAsync(), await NextStepAsync() };

        Assert.Equal([1, 2, 3], steps);
        Assert.False(_steps.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Repeat_StepThatFails_IsLoggedAndRetriedInASecond()
    {
        _ = RepeatAsync(step => step == 1 ? throw new InvalidOperationException("no database") : TimeSpan.FromHours(1));
        await NextStepAsync();

        _clock.Advance(TimeSpan.FromMilliseconds(999));
        var early = _steps.Reader.TryPeek(out var _);
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal((false, 2), (early, await NextStepAsync()));
        Assert.Equal([(9001, "Fetcher failed, after 0 more failures since the last report; retrying")], _log.Lines);
    }

    [Fact]
    public async Task Repeat_StepThatIsCancelledByItself_IsRetriedToo()
    {
        _ = RepeatAsync(step => step == 1 ? throw new OperationCanceledException() : TimeSpan.FromHours(1));
        await NextStepAsync();

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, await NextStepAsync());
    }

    [Fact]
    public async Task Repeat_Stopped_Ends()
    {
        var running = RepeatAsync(_ => TimeSpan.FromHours(1));

        await _stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Loop_BeginsWhenReady_AndFinishesWhenStopped()
    {
        using var loop = new Recorded(_signal, _clock, _log);

        await loop.StartAsync(CancellationToken.None);
        await loop.Asked.Task.WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        var early = loop.Happened.Count;
        loop.Ready.SetResult();
        await loop.Stepped.Task.WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        await loop.StopAsync(CancellationToken.None);

        Assert.Equal(0, early);
        Assert.Equal(["step", "finish"], loop.Happened);
    }

    public void Dispose() => _stopping.Dispose();

    private Task RepeatAsync(Func<int, TimeSpan> step) =>
        Loop.RepeatAsync(
            "Fetcher",
            _ =>
            {
                _steps.Writer.TryWrite(++_count);
                return Task.FromResult(step(_count));
            },
            _signal,
            _clock,
            _log,
            _stopping.Token
        );

    private async Task<int> NextStepAsync() =>
        await _steps.Reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Deadline, TimeProvider.System, CancellationToken.None);

    private sealed class Recorded(WorkSignal signal, TimeProvider time, ILogger logger) : Loop(signal, time, logger)
    {
        public List<string> Happened { get; } = [];

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ready { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stepped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override Task ReadyAsync(CancellationToken cancellationToken)
        {
            Asked.SetResult();
            return Ready.Task.WaitAsync(cancellationToken);
        }

        protected override Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
        {
            Happened.Add("step");
            Stepped.TrySetResult();
            return Task.FromResult(TimeSpan.FromHours(1));
        }

        protected override Task FinishAsync()
        {
            Happened.Add("finish");
            return Task.CompletedTask;
        }
    }
}
