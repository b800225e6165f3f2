using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WebSub.Subscriber.Hosting;
using WebSub.Work;
using Xunit;

namespace WebSub.Subscriber.Tests.Scheduling;

public sealed class KeptClaimLoopTests
{
    private const int Long = 0;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Claims_OfLongWorkBesideABacklogThatNeverEnds_AreKept()
    {
        var clock = new FakeTimeProvider();
        using var work = new Work(clock);

        await work.StartAsync(TestContext.Current.CancellationToken);
        await work.AfterTenMinutes.Task.WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        await work.StopAsync(TestContext.Current.CancellationToken);

        // A claim lasts a minute: none of the times from one renewal to the next may be longer.
        Assert.All(work.Kept.Zip(work.Kept.Skip(1)), pair => Assert.True(pair.Second - pair.First < TimeSpan.FromSeconds(60)));
        Assert.InRange(work.Kept.Count, 10, 40);
        Assert.Equal(1, work.LongRuns);
    }

    [Fact]
    public async Task Item_ClaimedAgainWhileItEnds_IsGivenBackAndRunOnceMore()
    {
        using var work = new Repeated();

        await work.StartAsync(TestContext.Current.CancellationToken);
        await work.ClaimedTwice.Task.WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        work.FirstRun.SetResult();
        await work.RanTwice.Task.WaitAsync(Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        await work.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, work.Released);
    }

    /// <summary>
    /// One item that is due three times, for the second time while it still runs; a claim of it lasts until it is given back.
    /// </summary>
    private sealed class Repeated()
        : KeptClaimLoop<int, int>(new WorkSignal(), new FakeTimeProvider(), NullLogger.Instance, maxConcurrency: 2)
    {
        private int _claims;
        private int _runs;

        public TaskCompletionSource ClaimedTwice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource FirstRun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource RanTwice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Released { get; private set; }

        protected override TimeSpan LongestIdle => TimeSpan.FromMinutes(1);

        protected override Task<IReadOnlyList<int>> ClaimAsync(
            DateTimeOffset now,
            DateTimeOffset until,
            int limit,
            CancellationToken stopping
        )
        {
            _claims++;
            return Task.FromResult<IReadOnlyList<int>>([1]);
        }

        protected override Task KeepClaimsAsync(IReadOnlyCollection<int> ids, DateTimeOffset until, CancellationToken stopping) =>
            Task.CompletedTask;

        protected override Task ReleaseAsync(int id)
        {
            Released++;
            return Task.CompletedTask;
        }

        protected override Task<DateTimeOffset?> NextDueAsync(CancellationToken stopping)
        {
            // Not while it is being claimed: by now the loop knows that the item still runs.
            if (_claims == 2)
                ClaimedTwice.TrySetResult();
            return Task.FromResult<DateTimeOffset?>(_claims < 2 || (_claims == 2 && Released > 0) ? DateTimeOffset.MinValue : null);
        }

        protected override int IdOf(int item) => item;

        protected override async Task HandleAsync(int item, CancellationToken stopping)
        {
            if (++_runs == 1)
                await FirstRun.Task;
            else
                RanTwice.TrySetResult();
        }
    }

    /// <summary>
    /// The first item runs until the end; of the others there are always as many as can be taken, and each takes a second of the clock.
    /// </summary>
    private sealed class Work(FakeTimeProvider clock)
        : KeptClaimLoop<int, int>(new WorkSignal(), clock, NullLogger.Instance, maxConcurrency: 2)
    {
        private readonly DateTimeOffset _end = clock.GetUtcNow().AddMinutes(10);
        private int _last;

        public ConcurrentQueue<DateTimeOffset> Kept { get; } = new([clock.GetUtcNow()]);

        public int LongRuns { get; private set; }

        public TaskCompletionSource AfterTenMinutes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override TimeSpan LongestIdle => TimeSpan.FromMinutes(1);

        protected override Task<IReadOnlyList<int>> ClaimAsync(
            DateTimeOffset now,
            DateTimeOffset until,
            int limit,
            CancellationToken stopping
        )
        {
            // As after an outage of the database: what runs long is due once more.
            return Task.FromResult<IReadOnlyList<int>>(
                limit == 2 ? [Long, ++_last]
                : ++_last == 100 ? [Long]
                : [_last]
            );
        }

        protected override Task KeepClaimsAsync(IReadOnlyCollection<int> ids, DateTimeOffset until, CancellationToken stopping)
        {
            if (ids.Contains(Long))
                Kept.Enqueue(until - ClaimLength);
            return Task.CompletedTask;
        }

        protected override Task ReleaseAsync(int id) => Task.CompletedTask;

        protected override Task<DateTimeOffset?> NextDueAsync(CancellationToken stopping)
        {
            if (clock.GetUtcNow() < _end)
                return Task.FromResult<DateTimeOffset?>(DateTimeOffset.MinValue);
            AfterTenMinutes.TrySetResult();
            return Task.FromResult<DateTimeOffset?>(null);
        }

        protected override int IdOf(int item) => item;

        protected override async Task HandleAsync(int item, CancellationToken stopping)
        {
            if (item != Long)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return;
            }

            LongRuns++;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
        }
    }
}
