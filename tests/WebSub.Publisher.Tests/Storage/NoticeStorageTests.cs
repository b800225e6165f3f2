using Microsoft.Extensions.Options;
using WebSub.Publisher.Hubs;
using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>What the stores promise, on either database; times are given, so nothing waits.</summary>
public abstract class NoticeStorageTests
{
    private const string Topic = "https://blog.example/feed";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly DatabaseTime Start = DatabaseTime.Epoch + (1_000_000 * Second);

    [Fact]
    public async Task Intake_ManyPings_AreOneNoticeForEachHub()
    {
        await using var node = await StartAsync();
        await node.PingAsync(Start, Topic, Topic, "https://blog.example/other", Topic);

        var taken = await node.TakeInAsync(Start);

        Assert.Equal(4, taken.Count);
        Assert.False(await node.Intake.HasWorkAsync(default));
        var list = await node.ListAsync();
        Assert.Equal(
            [(Topic, 3L), (Topic, 3L), ("https://blog.example/other", 1L), ("https://blog.example/other", 1L)],
            list.Select(p => (p.Topic, p.Updates)).OrderBy(p => p.Topic)
        );
        Assert.All(list, p => Assert.True(p.IsPending));
    }

    [Fact]
    public async Task List_BeforeTheIntake_KnowsWhatWaits()
    {
        await using var node = await StartAsync();

        await node.PingAsync(Start, Topic, Topic);

        Assert.All(await node.ListAsync(), p => Assert.Equal((Topic, 2L, 0L, true), (p.Topic, p.Updates, p.Known, p.IsPending)));
        Assert.Equal(2, (await node.ListAsync()).Count);
    }

    [Fact]
    public async Task Claim_HeldByAnother_IsNotGiven()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync(one);
        await one.PingAsync(Start, Topic);
        await one.TakeInAsync(Start);

        var first = await one.Hubs.ClaimAsync("one", Start, Start + (20 * Second), default);
        var second = await two.Hubs.ClaimAsync("two", Start + Second, Start + (21 * Second), default);

        Assert.Equal(2, first.Count);
        Assert.Empty(second);
        Assert.Equal(Start + (20 * Second), await two.Hubs.NextDueAsync(default));
    }

    [Fact]
    public async Task Save_ClaimWasTakenOver_ChangesNothing()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync(one);
        await one.PingAsync(Start, Topic);
        await one.TakeInAsync(Start);
        var old = (await one.Hubs.ClaimAsync("one", Start, Start + Second, default))[0];
        var notice = Assert.Single(await one.Notices.DueAsync(old, [], 10, Start, default));
        var current = (await two.Hubs.ClaimAsync("two", Start + (2 * Second), Start + (9 * Second), default)).Single(c => c.Id == old.Id);

        var saved = await one.SaveAsync(old, notice, Told(notice), Start + (3 * Second));

        Assert.False(saved);
        Assert.False(await one.Hubs.KeepAsync(old, Start + (30 * Second), default));
        Assert.All(await one.ListAsync(), p => Assert.Equal((0, true), (p.Known, p.IsPending)));
        Assert.True(await two.SaveAsync(current, notice, Told(notice), Start + (3 * Second)));
        Assert.Single(await two.ListAsync(), p => p is { Known: 1, IsPending: false });
    }

    [Fact]
    public async Task Save_UpdateCameDuringTheAttempt_IsDueAgain()
    {
        await using var node = await StartAsync();
        var (claim, notice) = await node.ClaimedAsync(Topic);
        await node.PingAsync(Start, Topic);
        await node.TakeInAsync(Start);

        await node.SaveAsync(claim, notice, Told(notice), Start + Second);

        Assert.Equal(2, Assert.Single(await node.Notices.DueAsync(claim, [], 10, Start + Second, default)).Head);
        Assert.Empty(await node.Notices.DueAsync(claim, [notice.TopicId], 10, Start + Second, default));
    }

    [Fact]
    public async Task Intake_ToldJustNow_WaitsForTheInterval()
    {
        await using var node = await StartAsync();
        var (claim, notice) = await node.ClaimedAsync(Topic);
        await node.SaveAsync(claim, notice, Told(notice), Start);

        await node.PingAsync(Start + Second, Topic);
        await node.TakeInAsync(Start + Second, TimeSpan.FromSeconds(5));

        Assert.Empty(await node.Notices.DueAsync(claim, [], 10, Start + (4 * Second), default));
        Assert.Single(await node.Notices.DueAsync(claim, [], 10, Start + (5 * Second), default));
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(1800, 1800)]
    public async Task Intake_TopicAndHubAreFailing_AreTriedWithinAMinuteUnlessTheyAskedForMore(int hold, int expected)
    {
        await using var node = await StartAsync();
        var (claim, notice) = await node.ClaimedAsync(Topic);
        var hour = Start + (3600 * Second);
        var until = hold == 0 ? DatabaseTime.Epoch : Start + (hold * Second);
        await node.SaveAsync(
            claim,
            notice,
            Told(notice) with
            {
                Outcome = NoticeOutcome.PutOff,
                Told = 0,
                Due = hour,
                HoldUntil = until,
                HubFailures = 9,
                HubNotBefore = hour,
                HubHoldUntil = until,
            },
            Start
        );
        await node.Hubs.ReleaseAsync(claim, default);

        await node.PingAsync(Start, Topic);
        await node.TakeInAsync(Start);

        var state = (await node.ListAsync()).Single(p => p.Hub == claim.Url);
        Assert.Equal(expected, (state.NextAttemptAt!.Value - state.PublishedAt).TotalSeconds);
    }

    [Fact]
    public async Task Intake_AfterGivingUp_StartsAnew()
    {
        await using var node = await StartAsync();
        var (claim, notice) = await node.ClaimedAsync(Topic);
        await node.SaveAsync(
            claim,
            notice,
            Told(notice) with
            {
                Outcome = NoticeOutcome.GivenUp,
                Told = 0,
                Due = null,
                Attempts = 9,
                FailingSince = Start - Second,
            },
            Start
        );
        Assert.True((await node.ListAsync()).Single(p => p.Hub == claim.Url).IsGivenUp);

        await node.PingAsync(Start, Topic);
        await node.TakeInAsync(Start);

        var again = Assert.Single(await node.Notices.DueAsync(claim, [], 10, Start, default));
        Assert.Equal((0, null, 2), (again.Attempts, again.FailingSince, again.Head));
    }

    [Fact]
    public async Task Content_IsKeptUntilEveryTakerHasIt()
    {
        await using var node = await StartAsync(takesContent: true);
        await node.Pings.AddAsync(
            [new(Topic, "a/b", [1], null, Start), PendingPing.WithoutContent(Topic, null, Start), new(Topic, "c/d", [2], null, Start)],
            default
        );
        await node.TakeInAsync(Start);
        var claims = await node.Hubs.ClaimAsync("n", Start, Start + (60 * Second), default);
        var notice = Assert.Single(await node.Notices.DueAsync(claims[0], [], 10, Start, default));

        var first = await node.Notices.NextContentAsync(notice, default);
        await node.SaveAsync(claims[0], notice, Told(notice) with { Told = first!.Number, Due = Start }, Start);
        var second = await node.Notices.NextContentAsync(notice with { Told = first.Number }, default);
        await node.SaveAsync(claims[0], notice, Told(notice), Start);

        Assert.Equal((1, "a/b", 3, "c/d"), (first.Number, first.ContentType, second!.Number, second.ContentType));
        Assert.Equal([2], second.Body);
        Assert.Equal(1, (await node.Notices.NextContentAsync(notice, default))!.Number);
        var other = Assert.Single(await node.Notices.DueAsync(claims[1], [], 10, Start, default));
        await node.SaveAsync(claims[1], other, Told(other), Start);
        Assert.Null(await node.Notices.NextContentAsync(notice, default));
    }

    [Fact]
    public async Task Prepare_WithoutMigrating_NamesWhatIsMissing()
    {
        await using var database = new PublisherDatabase(
            Options.Create(new WebSubPublisherOptions { ConnectionString = await CreateDatabaseAsync() })
        );

        var failure = await Assert.ThrowsAsync<DatabaseException>(() =>
            database.Db.PrepareAsync(typeof(Intake).Assembly, migrate: false, default)
        );
        await database.Db.PrepareAsync(typeof(Intake).Assembly, migrate: true, default);
        await database.Db.PrepareAsync(typeof(Intake).Assembly, migrate: false, default);

        Assert.Contains(
            "lacks the migrations 0001_initial, and WebSub:Storage:Migrate is false",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    protected abstract Task<string> CreateDatabaseAsync();

    private static NoticeDecision Told(NoticeRow notice) =>
        new()
        {
            Outcome = NoticeOutcome.Told,
            Told = notice.Head,
            DueIfNewer = Start,
        };

    private async Task<Node> StartAsync(Node? beside = null, bool takesContent = false)
    {
        var options = new WebSubPublisherOptions { ConnectionString = beside?.ConnectionString ?? await CreateDatabaseAsync() };
        options.Hubs.Add(new("https://one.example/") { TakesContent = takesContent });
        options.Hubs.Add(new("https://two.example/") { TakesContent = takesContent });
        var node = new Node(options);
        await node.Database.Db.MigrateAsync(typeof(Intake).Assembly, default);
        await node.Hubs.LoadAsync(default);
        return node;
    }

    /// <summary>The stores of one process.</summary>
    private sealed class Node : IAsyncDisposable
    {
        private readonly PublicationList _list;

        public Node(WebSubPublisherOptions options)
        {
            ConnectionString = options.ConnectionString;
            var wrapped = Options.Create(options);
            var hubs = new PublisherHubs(wrapped);
            Database = new(wrapped);
            Hubs = new(Database, hubs);
            Pings = new(Database);
            Notices = new(Database);
            Intake = new(Database, hubs, Hubs);
            _list = new(Database, hubs);
        }

        public string ConnectionString { get; }

        public PublisherDatabase Database { get; }

        public HubStore Hubs { get; }

        public PingStore Pings { get; }

        public NoticeStore Notices { get; }

        public Intake Intake { get; }

        public Task PingAsync(DatabaseTime at, params string[] topics) =>
            Pings.AddAsync([.. topics.Select(t => PendingPing.WithoutContent(t, null, at))], default);

        public Task<TakenIn> TakeInAsync(DatabaseTime now, TimeSpan interval = default) => Intake.RunAsync(interval, now, default);

        public async Task<List<WebSubPublication>> ListAsync() => await _list.ReadAsync(null, default).ToListAsync();

        public Task<bool> SaveAsync(HubClaim claim, NoticeRow notice, NoticeDecision decision, DatabaseTime now) =>
            Notices.SaveAsync(claim, notice, decision, 200, null, now, now + (20 * Second), default);

        /// <summary>A topic that was published once, and the claim of its first hub.</summary>
        public async Task<(HubClaim Claim, NoticeRow Notice)> ClaimedAsync(string topic)
        {
            await PingAsync(Start, topic);
            await TakeInAsync(Start);
            var claim = (await Hubs.ClaimAsync("n", Start, Start + (60 * Second), default))[0];
            return (claim, Assert.Single(await Notices.DueAsync(claim, [], 10, Start, default)));
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
