using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace WebSub.Work;

public sealed class ClaimLoopTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogLines _log = new();
    private readonly Rows _rows;

    public ClaimLoopTests() => _rows = new Rows(_clock, _log);

    [Fact]
    public async Task Step_NothingWaits_SleepsTheLongestTime()
    {
        _rows.Due = null;

        Assert.Equal(Rows.Longest, await _rows.StepAsync());
        Assert.Equal(["prepare", "look"], _rows.Happened);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(60, 10)]
    public async Task Step_NothingIsDueYet_SleepsUntilItIs_ButNotTooLong(int due, int sleep)
    {
        _rows.Due = _clock.GetUtcNow().AddSeconds(due);

        Assert.Equal(TimeSpan.FromSeconds(sleep), await _rows.StepAsync());
        Assert.Equal(["prepare", "look"], _rows.Happened);
    }

    [Fact]
    public async Task Step_SomethingIsDue_ClaimsAsManyAsThereIsRoomFor_AndLooksAgainAtOnce()
    {
        _rows.Room_ = 2;

        Assert.Equal(TimeSpan.Zero, await _rows.StepAsync());
        Assert.Equal(["prepare", "look", "claim 2", "run 1", "run 2"], _rows.Happened);
    }

    [Fact]
    public async Task Step_ItMayNotClaim_DoesNothingForASecond()
    {
        _rows.May = false;

        Assert.Equal(TimeSpan.FromSeconds(1), await _rows.StepAsync());
        Assert.Empty(_rows.Happened);
    }

    [Fact]
    public async Task Step_NoRoom_AndNothingCanMakeIt_DoesNotLook()
    {
        _rows.Room_ = 0;

        Assert.Equal(Rows.Longest, await _rows.StepAsync());
        Assert.Equal(["prepare"], _rows.Happened);
    }

    [Theory]
    [InlineData(0, 10, true)]
    [InlineData(3, 3, false)]
    public async Task Step_NoRoom_IsMadeOnceSomethingIsDue(int due, int sleep, bool made)
    {
        (_rows.Room_, _rows.CanMakeRoom, _rows.Due) = (0, true, _clock.GetUtcNow().AddSeconds(due));

        Assert.Equal(TimeSpan.FromSeconds(sleep), await _rows.StepAsync());
        Assert.Equal(made ? ["prepare", "look", "make room"] : ["prepare", "look"], _rows.Happened);
    }

    [Fact]
    public async Task Item_ThatFails_IsLogged_AndTheOthersRun()
    {
        _rows.Room_ = 2;
        _rows.Run = item => item == 1 ? throw new InvalidOperationException("no") : Task.CompletedTask;

        await _rows.StepAsync();

        Assert.Contains("run 2", _rows.Happened);
        Assert.Equal([(9002, "Rows could not finish row 1; retrying when its claim ends")], _log.Lines);
    }

    [Fact]
    public async Task Item_ThatEnds_WakesTheLoop()
    {
        var ends = new TaskCompletionSource();
        _rows.Run = _ => ends.Task;
        await _rows.StepAsync();
        var woken = _rows.Signal_.WaitAsync(TimeSpan.FromHours(1), _clock, CancellationToken.None);
        var early = woken.IsCompleted;

        ends.SetResult();
        await woken;

        Assert.False(early);
    }

    [Fact]
    public async Task Finish_WaitsForWhatIsInFlight_HoweverItEnds()
    {
        var ends = new TaskCompletionSource();
        _rows.Room_ = 2;
        _rows.Run = item => item == 1 ? ends.Task : Task.CompletedTask;
        await _rows.StepAsync();

        var finish = _rows.EndAsync();
        var early = finish.IsCompleted;
        ends.SetException(new InvalidOperationException("no"));
        await finish;

        Assert.False(early);
    }

    [Fact]
    public async Task Item_ThatStopsWithTheApplication_IsNotLogged()
    {
        using var stopping = new CancellationTokenSource();
        _rows.Run = _ => Task.Delay(Timeout.InfiniteTimeSpan, _clock, stopping.Token);
        await _rows.StepAsync(stopping.Token);

        await stopping.CancelAsync();
        await _rows.EndAsync();

        Assert.Empty(_log.Lines);
    }

    public void Dispose() => _rows.Dispose();

    private sealed class Rows(TimeProvider time, ILogger logger) : ClaimLoop<int>(new WorkSignal(), time, logger)
    {
        public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

        public List<string> Happened { get; } = [];

        public DateTimeOffset? Due { get; set; } = time.GetUtcNow();

        public bool May { get; set; } = true;

        public int Room_ { get; set; } = 1;

        public bool CanMakeRoom { get; set; }

        public Func<int, Task> Run { get; set; } = _ => Task.CompletedTask;

        public WorkSignal Signal_ => Signal;

        protected override TimeSpan LongestSleep => Longest;

        protected override bool MayClaim => May;

        protected override int Room => Room_;

        protected override Action? MakeRoom => CanMakeRoom ? () => Happened.Add("make room") : null;

        public Task<TimeSpan> StepAsync(CancellationToken stopping = default) => RunOnceAsync(stopping);

        public Task EndAsync() => FinishAsync();

        protected override Task PrepareAsync(CancellationToken cancellationToken)
        {
            Happened.Add("prepare");
            return Task.CompletedTask;
        }

        protected override Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
        {
            Happened.Add("look");
            return Task.FromResult(Due);
        }

        protected override Task<IReadOnlyList<int>> ClaimAsync(int room, CancellationToken cancellationToken)
        {
            Happened.Add($"claim {room}");
            return Task.FromResult<IReadOnlyList<int>>([.. Enumerable.Range(1, room)]);
        }

        protected override Task RunAsync(int item, CancellationToken cancellationToken)
        {
            Happened.Add($"run {item}");
            return Run(item);
        }

        protected override string NameOf(int item) => $"row {item}";
    }
}
