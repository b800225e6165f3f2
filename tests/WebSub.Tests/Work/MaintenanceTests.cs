using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace WebSub.Work;

public sealed class MaintenanceTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 3600)]
    public async Task Step_MoreToDo_FollowsAtOnce_ElseAfterTheInterval(bool more, int seconds)
    {
        var task = new Sweep(() => Task.FromResult(more));

        Assert.Equal(TimeSpan.FromSeconds(seconds), await task.StepAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Task_ThatHangsOrFails_DoesNotHoldUpTheOthers()
    {
        var hangs = new Sweep(() => new TaskCompletionSource<bool>().Task);
        var fails = new Sweep(() => throw new InvalidOperationException("no"));
        var works = new Sweep(() => Task.FromResult(false));
        using var maintenance = Maintain([hangs, fails, works], Task.CompletedTask);

        await maintenance.StartAsync(CancellationToken.None);
        await works.RanAsync();
        works.Signal.Raise();
        await works.RanAsync();
        fails.Signal.Raise();
        await fails.RanAsync();

        Assert.False(maintenance.ExecuteTask!.IsCompleted);
    }

    [Fact]
    public async Task Task_RunsOnceReady_AndNoMoreOnceStopped()
    {
        var ready = new TaskCompletionSource();
        var task = new Sweep(() => Task.FromResult(false));
        using var maintenance = Maintain([task], ready.Task);

        await maintenance.StartAsync(CancellationToken.None);
        var early = task.HasRun;
        ready.SetResult();
        await task.RanAsync();
        await maintenance.StopAsync(CancellationToken.None);

        Assert.False(early);
        Assert.True(maintenance.ExecuteTask!.IsCompletedSuccessfully);
    }

    private Maintenance Maintain(MaintenanceTask[] tasks, Task ready) =>
        new(tasks, ready.WaitAsync, _clock, NullLogger<Maintenance>.Instance);

    private sealed class Sweep(Func<Task<bool>> run) : MaintenanceTask(TimeSpan.FromHours(1))
    {
        private readonly Channel<bool> _runs = Channel.CreateUnbounded<bool>();

        public bool HasRun => _runs.Reader.TryPeek(out _);

        public async Task RanAsync() =>
            await _runs.Reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Deadline, TimeProvider.System, CancellationToken.None);

        public override Task<bool> RunAsync(CancellationToken cancellationToken)
        {
            _runs.Writer.TryWrite(true);
            return run();
        }
    }
}
