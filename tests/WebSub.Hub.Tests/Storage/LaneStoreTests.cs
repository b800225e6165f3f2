using System.Text;
using Microsoft.Extensions.Options;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>The rules of the engine that live in SQL.</summary>
public abstract class LaneStoreTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Kept = "[1,2,3,500,\"x\"]";
    private const string Topic = "https://publisher.example/feed";
    private static readonly DatabaseTime Now = new(1_000_000_000);
    private static readonly DatabaseTime Later = Now + TimeSpan.FromMinutes(1);
    private static readonly DatabaseTime MuchLater = Later + (Later - DatabaseTime.Epoch);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    [Fact]
    public async Task Save_UnderAnOldEpoch_ChangesNothing()
    {
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(members: 2, entries: 3);
        var members = await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default);

        var saved = await stores.Lanes.SaveAsync(
            [
                Save(lane, cursor: 2) with
                {
                    Epoch = lane.Epoch + 1,
                    Departures = [LaneDeparture.Failed(members[0], 0, 1, Later, new(500, "x"), Kept)],
                },
            ],
            "n",
            Now,
            Later,
            default
        );

        Assert.True(saved[lane.Id].Fenced);
        Assert.Equal(0, (await stores.ReadLaneAsync(lane.Id)).Cursor);
        Assert.Equal(2, (await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default)).Count);
    }

    [Fact]
    public async Task Save_WhoseCursorReachesAPosition_JoinsIt_AndWakesThoseBelow()
    {
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(members: 1, entries: 3);
        await stores.AddMemberAsync("https://s.example/new");

        var passed = await stores.Lanes.SaveAsync([Save(lane, cursor: 2)], "n", Now, Later, default);
        await stores.Behind.SettleAsync(Now, default);
        var reached = await stores.Lanes.SaveAsync([Save(lane, cursor: 3)], "n", Now, Later, default);

        Assert.False(passed[lane.Id].Joined);
        Assert.True(reached[lane.Id].Joined);
        Assert.All(await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default), m => Assert.Null(m.Position));
    }

    [Fact]
    public async Task Join_LeavesOutWhoSettledAfterTheReading_AndTheSaveWakesIt()
    {
        await using var stores = await OpenAsync();
        await stores.AddMemberAsync("https://s.example/read");
        var lane = await stores.HoldLaneAsync();
        await stores.Behind.SettleAsync(Now, default);
        await stores.AddMemberAsync("https://s.example/settled-later");
        await stores.MakeDueAsync("https://s.example/settled-later");
        var read = await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default);
        await stores.Behind.SettleAsync(Now, default);

        var joined = await stores.Lanes.JoinAsync([.. read.Select(m => m.Id)], "n", default);
        await stores.FetchAsync("one");
        await stores.Lanes.SaveAsync([Save(lane, cursor: 1)], "n", Now, Later, default);

        Assert.Equal([Assert.Single(read).Id], joined);
        var due = Assert.Single(await stores.Behind.ClaimAsync("n", 10, Now, Later, default));
        Assert.Equal(("https://s.example/settled-later", 0L, 1L), (due.Callback, due.Position, due.Head));
    }

    [Fact]
    public async Task Save_OfADeparture_DoesNotJoinItAgain_AndItIsTakenWhenDue()
    {
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(members: 2, entries: 1);
        var members = await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default);

        await stores.Lanes.SaveAsync(
            [
                Save(lane, cursor: 0) with
                {
                    Departures =
                    [
                        LaneDeparture.Failed(members[0], 0, 1, Later - Microsecond, new(500, "The callback answered 500."), Kept),
                    ],
                },
            ],
            "n",
            Now,
            Later,
            default
        );
        var early = await stores.Behind.ClaimAsync("n", 10, Now, Later, default);
        var due = await stores.Behind.ClaimAsync("n", 10, Later - Microsecond, Later + Microsecond, default);

        Assert.Single(await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default));
        Assert.Empty(early);
        var row = Assert.Single(due);
        Assert.Equal((members[0].Id, 0L, 1L, 1L), (row.Id, row.Position, row.Attempts, row.Head));
    }

    [Fact]
    public async Task Save_OfAMemberWhoseIdIsAnothersNow_LeavesThatAlone()
    {
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(members: 2, entries: 1);
        var members = await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default);

        var save = Save(lane, cursor: 1) with
        {
            Departures = [LaneDeparture.Failed(members[0] with { Callback = "https://gone.example/0" }, 0, 1, Later, new(500, "x"), Kept)],
            Gone = [(members[1].Id, "https://gone.example/1", 0)],
        };
        await stores.Lanes.SaveAsync([save], "n", Now, Later, default);

        Assert.All(await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default), m => Assert.Null(m.Position));
        Assert.Equal(2, (await stores.ReadLaneAsync(lane.Id)).Size);
    }

    [Fact]
    public async Task Save_OfManyDeparturesAndDeadLetters_IsAFewStatements()
    {
        const int Members = 200;
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(Members, entries: 2);
        var members = await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default);
        var statements = 0;
        stores.Database.Db.Watch = _ => Interlocked.Increment(ref statements);

        var save = Save(lane, cursor: 2) with
        {
            Departures =
            [
                .. members
                    .Skip(100)
                    .Select(m =>
                        m.Id.Value % 2 == 0
                            ? LaneDeparture.Straggling(m, 1, Later, "No answer yet.")
                            : LaneDeparture.Failed(
                                m,
                                1,
                                2,
                                Later,
                                new(400, "It said \"no\".", SpeaksOfPayload: true, AsksForPause: true),
                                Kept
                            )
                    ),
            ],
            DeadLetters = [.. members.Take(100).Select(m => new DeadLetter(lane.TopicId, m.Id, m.Callback, 1, 3, null, "it's broken"))],
            Gone = [(members[0].Id, members[0].Callback, 0)],
        };
        await stores.Lanes.SaveAsync([save], "n", Now, Later, default);
        stores.Database.Db.Watch = null;

        Assert.InRange(statements, 1, 12);
        var departed = await stores.Database.Db.ReadAsync(
            s =>
                s.QueryAsync<string>(
                    "select distinct position || ' ' || attempts || ' ' || answered || ' ' || due || ' ' || retry_at || ' ' "
                        + "|| coalesce(not_before, 0) || ' ' || coalesce(last_status, 0) || ' ' || last_error as departed "
                        + "from {subscriptions} where position is not null order by departed"
                ),
            default
        );
        var inFlight = await stores.Database.Db.ReadAsync(
            s => s.QueryAsync<long>("select id from {subscriptions} where claimed_by = 'n' order by id"),
            default
        );
        var letters = await stores.Database.Db.ReadAsync(
            s =>
                s.QueryAsync<string>(
                    "select distinct topic_id || ' ' || first_sequence || ' ' || last_sequence || ' ' || attempts || ' ' "
                        + "|| coalesce(last_status, -1) || ' ' || last_error from {dead_letters}"
                ),
            default
        );
        var full = await stores.Database.Db.ReadAsync(
            s => s.QueryAsync<long>("select id from {subscriptions} where full_until = 2 order by id"),
            default
        );
        Assert.Equal(
            [
                $"1 0 0 {Later.Microseconds} {Later.Microseconds} 0 0 No answer yet.",
                $"1 2 1 {Later.Microseconds} {Later.Microseconds} {Later.Microseconds} 400 It said \"no\".",
            ],
            departed
        );
        Assert.Equal(members.Skip(100).Select(m => m.Id.Value).Where(id => id % 2 == 0).Order(), inFlight);
        Assert.Equal([$"{lane.TopicId.Value} 1 1 3 -1 it's broken"], letters);
        Assert.Equal(members.Take(100).Skip(1).Select(m => m.Id.Value).Order(), full);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prune_BeyondTheBacklog_JumpsWhoIsJoinedOrInFlight_WithADeadLetter_AndFullContentNext(bool joined)
    {
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(members: 1, entries: 1);
        await stores.Lanes.SaveAsync([Save(lane, cursor: 1)], "n", Now, Later, default);
        if (!joined)
            await stores.Database.Db.WriteAsync(
                s => s.ExecuteAsync("update {subscriptions} set position = 1, due = @Later, claimed_by = 'n'", new { Later }),
                default
            );
        for (var i = 2; i <= 20; i++)
            await stores.FetchAsync($"{i}");

        await new HistoryStore(stores.Database).PruneAsync(
            lane.TopicId,
            new() { Entries = 2, MaxBacklog = 5 },
            before: DatabaseTime.Epoch,
            Now,
            default
        );
        var saved = await stores.Lanes.SaveAsync([Save(lane, cursor: 2)], "n", Now, Later, default);

        var lost = await stores.Database.Db.ReadAsync(
            s => s.QueryAsync<string>("select first_sequence || '-' || last_sequence || ' ' || last_error from {dead_letters}"),
            default
        );
        var rows = await stores.Database.Db.ReadAsync(
            s =>
                s.QueryAsync<string>(
                    "select coalesce(position, -1) || ' ' || full_until || ' ' || coalesce(claimed_by, '-') from {subscriptions}"
                ),
            default
        );
        Assert.Equal(["2-15 " + DeadLetter.Pruned], lost);
        Assert.Equal([joined ? "-1 16 -" : "15 16 -"], rows);
        Assert.True(saved[lane.Id].Fenced);
        Assert.Equal(15, (await stores.ReadLaneAsync(lane.Id)).Cursor);
    }

    [Fact]
    public async Task Renewal_OfALeaseThatHasEnded_GetsNoDiffToWhatItNeverHad()
    {
        await using var stores = await OpenAsync();
        await stores.LaneWithEntriesAsync(members: 2, entries: 3);
        await stores.Database.Db.WriteAsync(
            s => s.ExecuteAsync("update {subscriptions} set lease_end = @Now where callback like '%/0'", new { Now }),
            default
        );

        await stores.AddMemberAsync("https://s.example/0");
        await stores.AddMemberAsync("https://s.example/1");

        var takes = await stores.Database.Db.ReadAsync(
            s => s.QueryAsync<long>("select full_until from {subscriptions} order by callback"),
            default
        );
        Assert.Equal([4, 1], takes);
    }

    [Fact]
    public async Task Finish_UnderALostClaim_LeavesTheRequestToWhoHasIt()
    {
        await using var stores = await OpenAsync();
        await stores.Requests.AddAsync(Request("https://s.example/0"), Now, default);
        var stalled = Assert.Single(await stores.Requests.ClaimAsync("a", 10, Now, After(1), default));
        var current = Assert.Single(await stores.Requests.ClaimAsync("b", 10, After(1), Later, default));

        await stores.Requests.DropAsync(stalled, new(Ending.NotConfirmed, null, After(2)), default);
        var activated = await stores.Activations.ActivateAsync(new(current, Now, Later, After(2)), default);

        Assert.NotNull(activated);
    }

    [Fact]
    public async Task SaveBehind_UnderAnOldEpoch_ChangesNothing()
    {
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(members: 1, entries: 1);
        var member = (await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default))[0];
        await stores.Lanes.SaveAsync(
            [Save(lane, cursor: 1) with { Departures = [LaneDeparture.Failed(member, 0, 1, Now, new(500, "x"), Kept)] }],
            "n",
            Now,
            Later,
            default
        );
        var first = Assert.Single(await stores.Behind.ClaimAsync("a", 10, Now, Now + Microsecond, default));
        var second = Assert.Single(await stores.Behind.ClaimAsync("b", 10, Now + Microsecond, Later, default));

        var late = (await stores.Behind.SaveAsync(BehindSave.Delivered(first, 1, Now), Now, default)).Counts;
        var current = (await stores.Behind.SaveAsync(BehindSave.Delivered(second, 1, Now), Now, default)).Counts;

        Assert.False(late);
        Assert.True(current);
    }

    // SQLite gives the id of the last subscription that ended to the next one.
    [Fact]
    public async Task OutcomeForAnEndedSubscription_ChangesNothingOfTheNextOneWithItsId()
    {
        await using var stores = await OpenAsync();
        var ended = await stores.BehindAsync(attempts: 1);
        await stores.Database.Db.WriteAsync(s => SubscriptionStore.EndAsync(s, "callback = @Callback", new { ended.Callback }), default);
        await stores.AddMemberAsync("https://s.example/next", leaseEnd: Later, initial: true, at: After(1000));
        var next = Assert.Single(await stores.Behind.ClaimAsync("n", 10, After(1000), Later, default));

        var saved = (await stores.Behind.SaveAsync(BehindSave.Delivered(ended, 1, Now), After(1001), default)).Counts;
        var gone = await stores.Behind.EndGoneAsync(ended.Id, ended.Epoch, ended.Version, After(1001), default);

        Assert.Equal(("https://s.example/next", false, false), (next.Callback, saved, gone));
        Assert.True((await stores.Behind.SaveAsync(BehindSave.Delivered(next, 1, Now), After(1002), default)).Counts);
    }

    [Theory]
    [Trait("Req", "H30")]
    [InlineData(true, null, 60)]
    [InlineData(false, null, 3600)]
    [InlineData(true, 300, 300)]
    public async Task SaveBehind_OfAFailure_IsTriedWithinAMinute_IfAnEntryCameMeanwhile(bool published, int? asked, int seconds)
    {
        await using var stores = await OpenAsync();
        var row = await stores.BehindAsync(attempts: 1);
        if (published)
            await stores.FetchAsync("newer");

        var save = BehindSave.Retry(
            row with
            {
                HeadAtClaim = row.Head,
            },
            position: 0,
            sequence: 1,
            attempts: 2,
            due: Now + TimeSpan.FromHours(1),
            new(500, "x"),
            pausedUntil: asked is { } pause ? Now + TimeSpan.FromSeconds(pause) : null,
            Now
        );
        await stores.Behind.SaveAsync(save, Now, default);

        var due = Now + TimeSpan.FromSeconds(seconds);
        Assert.Empty(await stores.Behind.ClaimAsync("n", 10, due - Microsecond, due, default));
        var again = Assert.Single(await stores.Behind.ClaimAsync("n", 10, due, due + Microsecond, default));
        Assert.Equal((2, Now + TimeSpan.FromHours(1)), (again.Attempts, again.RetryAt));
    }

    [Fact]
    public async Task PutOff_ChangesTheDueTimeOnly_AndOnlyUnderItsClaim()
    {
        await using var stores = await OpenAsync();
        var row = await stores.BehindAsync(attempts: 3);

        await stores.Behind.PutOffAsync(
            [new(row.Id, row.Epoch, Later), new(row.Id, row.Epoch + 1, Now), new(new(row.Id.Value + 1), row.Epoch, Now)],
            default
        );
        var early = await stores.Behind.ClaimAsync("n", 10, Later - Microsecond, Later, default);
        var due = Assert.Single(await stores.Behind.ClaimAsync("n", 10, Later, Later + Microsecond, default));

        Assert.Empty(early);
        Assert.Equal(row with { Epoch = due.Epoch }, due);
    }

    [Fact]
    [Trait("Req", "H6")]
    public async Task Activate_OfAKnownPair_ChangesTheLease_AndNotThePlaceInTheLog()
    {
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(members: 1, entries: 2);
        var before = (await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default))[0];

        await stores.AddMemberAsync("https://s.example/0", leaseEnd: MuchLater);

        var after = Assert.Single(await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default));
        Assert.Equal(before with { LeaseEnd = MuchLater }, after);
        Assert.Equal(lane.MembersVersion + 1, (await stores.ReadLaneAsync(lane.Id)).MembersVersion);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(0, 0)]
    public async Task ActivateWithInitial_OfAJoinedMember_BeginsItAnew_BeforeTheNewestEntry(long cursor, long position)
    {
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(members: 2, entries: 2);
        await stores.Lanes.SaveAsync([Save(lane, cursor)], "n", Now, Later, default);

        await stores.AddMemberAsync("https://s.example/0", initial: true);

        var again = Assert.Single(await stores.Behind.ClaimAsync("n", 10, Now, Later, default));
        Assert.Equal(("https://s.example/0", lane.Id, position, 2L), (again.Callback, again.LaneId, again.Position, again.FullUntil));
        var joined = Assert.Single(await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default));
        Assert.Equal("https://s.example/1", joined.Callback);
        Assert.Equal(lane.MembersVersion + 1, (await stores.ReadLaneAsync(lane.Id)).MembersVersion);
        Assert.Equal(2, await stores.Database.Db.ReadAsync(s => s.ScalarAsync<long>("select size from {lanes}"), default));
    }

    [Fact]
    public async Task ActivateWithInitial_OfOneThatWaitsForARetry_TriesItAtOnce_AndKeepsItsPlace()
    {
        await using var stores = await OpenAsync();
        var lane = await stores.LaneWithEntriesAsync(members: 1, entries: 3);
        var member = Assert.Single(await stores.Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default));
        await stores.Lanes.SaveAsync(
            [Save(lane, cursor: 3) with { Departures = [LaneDeparture.Failed(member, 1, 4, MuchLater, new(500, "x"), Kept)] }],
            "n",
            Now,
            Later,
            default
        );

        await stores.AddMemberAsync("https://s.example/0", initial: true);

        var row = Assert.Single(await stores.Behind.ClaimAsync("n", 10, Now, Later, default));
        Assert.Equal((member.Id, 1L, 4L, MuchLater), (row.Id, row.Position, row.Attempts, row.RetryAt));
    }

    [Fact]
    public async Task ActivateWithInitial_OfOneThatHasCaughtUp_StepsBack_WhateverItsClaimSaves()
    {
        await using var stores = await OpenAsync();
        await stores.Database.Db.WriteAsync(s => TopicStore.FindOrAddAsync(s, Topic, Now), default);
        await stores.FetchAsync("one");
        await stores.AddMemberAsync("https://s.example/0");
        await stores.MakeDueAsync("https://s.example/0");
        var claimed = Assert.Single(await stores.Behind.ClaimAsync("n", 10, Now, Later, default));

        await stores.AddMemberAsync("https://s.example/0", initial: true);
        var saved = (await stores.Behind.SaveAsync(BehindSave.Skipped(claimed, 1), Now, default)).Counts;

        Assert.False(saved);
        var row = Assert.Single(await stores.Behind.ClaimAsync("n", 10, Now, Later, default));
        Assert.Equal((claimed.Id, 0L, 1L), (row.Id, row.Position, row.Head));
    }

    [Fact]
    public async Task Activate_WithNothingToSend_WaitsForNothing()
    {
        await using var stores = await OpenAsync();
        await stores.Database.Db.WriteAsync(s => TopicStore.FindOrAddAsync(s, Topic, Now), default);
        await stores.FetchAsync("one");

        await stores.AddMemberAsync("https://s.example/new");
        await stores.AddMemberAsync("https://s.example/initial", initial: true);

        var due = Assert.Single(await stores.Behind.ClaimAsync("n", 10, Now, Later, default));
        Assert.Equal("https://s.example/initial", due.Callback);
    }

    [Fact]
    public async Task ActivateWithInitial_WhereNothingWasPublished_HasTheTopicFetched()
    {
        await using var stores = await OpenAsync();
        await stores.LaneWithEntriesAsync(members: 1, entries: 0);

        await stores.AddMemberAsync("https://s.example/0", initial: true);

        Assert.Single(await stores.Topics.ClaimFetchesAsync("n", 10, Now, Later, default));
        Assert.Single(await stores.Lanes.ReadMembersAsync([(await stores.HoldLaneAsync()).Id], new HashSet<LaneId>(), default));
    }

    [Fact]
    public async Task Activate_OfAReplacedRequest_DoesNothing()
    {
        await using var stores = await OpenAsync();
        await stores.Requests.AddAsync(Request("https://s.example/0"), Now, default);
        var old = Assert.Single(await stores.Requests.ClaimAsync("n", 10, Now, Later, default));
        await stores.Requests.AddAsync(Request("https://s.example/0") with { Mode = HubModes.Unsubscribe }, Now, default);

        var topic = await stores.Activations.ActivateAsync(new(old, Now, Later, Now), default);
        var next = await stores.Requests.ClaimAsync("n", 10, Now, Later, default);

        Assert.Null(topic);
        Assert.Equal(HubModes.Unsubscribe, Assert.Single(next).Mode);
    }

    [Fact]
    public async Task Activate_OfMoreThanALaneHolds_OpensAnother()
    {
        await using var stores = await OpenAsync();

        for (var i = 0; i < LaneRooms.LaneSize + 2; i++)
            await stores.AddMemberAsync($"https://s.example/{i}");

        var sizes = await stores.Database.Db.ReadAsync(s => s.QueryAsync<long>("select size from {lanes} order by number"), default);
        Assert.Equal([LaneRooms.LaneSize, 2], sizes);
    }

    [Fact]
    public async Task Append_OfTheSameContent_AsAFetch_IsOneEntry_AndABAIsThree()
    {
        await using var stores = await OpenAsync();
        await stores.LaneWithEntriesAsync(members: 1, entries: 0);

        var sequences = new List<long?>();
        foreach (var body in new[] { "A", "A", "B", "A" })
            sequences.Add(await stores.FetchAsync(body));

        Assert.Equal([1, null, 2, 3], sequences);
    }

    [Fact]
    public async Task Ping_DuringAFetch_CausesOneMore()
    {
        await using var stores = await OpenAsync();
        await stores.LaneWithEntriesAsync(members: 1, entries: 0);
        await stores.Topics.PingAsync([new(Topic, [])], onlyRegistered: false, interval: TimeSpan.Zero, Now, default);
        var fetch = Assert.Single(await stores.Topics.ClaimFetchesAsync("n", 10, Now, Later, default));
        await stores.Topics.PingAsync([new(Topic, [])], onlyRegistered: false, interval: TimeSpan.Zero, Now, default);

        var during = await stores.Topics.ClaimFetchesAsync("n", 10, Now, Later, default);
        await stores.Database.Db.WriteAsync(s => TopicStore.FinishFetchAsync(s, fetch, new(), Now, null, Now), default);
        var after = await stores.Topics.ClaimFetchesAsync("n", 10, Now, Later, default);
        await stores.Database.Db.WriteAsync(s => TopicStore.FinishFetchAsync(s, after[0], new(), Now, null, Now), default);

        Assert.Empty(during);
        Assert.Single(after);
        Assert.Empty(await stores.Topics.ClaimFetchesAsync("n", 10, Now, Later, default));
    }

    [Fact]
    public async Task Ping_SoonAfterAFetch_WaitsForTheInterval()
    {
        await using var stores = await OpenAsync();
        await stores.LaneWithEntriesAsync(members: 1, entries: 0);
        await stores.Topics.PingAsync([new(Topic, [])], onlyRegistered: false, interval: TimeSpan.FromMicroseconds(1000), Now, default);
        var fetch = Assert.Single(await stores.Topics.ClaimFetchesAsync("n", 10, Now, Later, default));
        await stores.Database.Db.WriteAsync(s => TopicStore.FinishFetchAsync(s, fetch, new(), After(1000), null, Now), default);

        await stores.Topics.PingAsync(
            [new(Topic, [])],
            onlyRegistered: false,
            interval: TimeSpan.FromMicroseconds(1000),
            After(1),
            default
        );
        var early = await stores.Topics.ClaimFetchesAsync("n", 10, After(999), Later, default);
        var due = await stores.Topics.ClaimFetchesAsync("n", 10, After(1000), Later, default);

        Assert.Empty(early);
        Assert.Single(due);
    }

    [Fact]
    public async Task Ping_OfATopicWithoutSubscribers_FetchesNothing()
    {
        await using var stores = await OpenAsync();

        var pinged = await stores.Topics.PingAsync([new(Topic, [])], onlyRegistered: false, interval: TimeSpan.Zero, Now, default);

        Assert.Equal(0, pinged);
        Assert.Empty(await stores.Topics.ClaimFetchesAsync("n", 10, Now, Later, default));
    }

    [Fact]
    public async Task Sweep_RemovesExpired_ButNotThoseWithAPendingRequest()
    {
        await using var stores = await OpenAsync();
        await stores.AddMemberAsync("https://s.example/expired", leaseEnd: After(-1));
        await stores.AddMemberAsync("https://s.example/renewing", leaseEnd: After(-1));
        await stores.AddMemberAsync("https://s.example/active", leaseEnd: Later);
        await stores.Requests.AddAsync(Request("https://s.example/renewing"), Now, default);

        var gone = await stores.Subscriptions.SweepExpiredAsync(Now, 100, default);

        Assert.Equal("https://s.example/expired", Assert.Single(gone).Callback);
        var left = await stores.Database.Db.ReadAsync(
            s => s.QueryAsync<string>("select callback from {subscriptions} order by callback"),
            default
        );
        Assert.Equal(["https://s.example/active", "https://s.example/renewing"], left);
        Assert.Equal(2, await stores.Database.Db.ReadAsync(s => s.ScalarAsync<long>("select size from {lanes}"), default));
    }

    private static DatabaseTime After(long microseconds) => Now + TimeSpan.FromMicroseconds(microseconds);

    private static LaneSave Save(LaneRow lane, long cursor) =>
        new()
        {
            LaneId = lane.Id,
            Epoch = lane.Epoch,
            Cursor = cursor,
            Release = false,
        };

    private static RequestRow Request(string callback) =>
        new()
        {
            Mode = HubModes.Subscribe,
            Topic = Topic,
            Callback = callback,
            LeaseSeconds = 100,
        };

    private async Task<Stores> OpenAsync()
    {
        var database = new HubDatabase(Options.Create(new HubOptions { ConnectionString = ConnectionString }));
        await database.Db.MigrateAsync(typeof(HubDatabase).Assembly, default);
        return new(database);
    }

    private sealed class Stores(HubDatabase database) : IAsyncDisposable
    {
        public HubDatabase Database { get; } = database;

        public LaneStore Lanes { get; } = new(database);

        public SubscriptionStore Subscriptions { get; } = new(database);

        public ActivationStore Activations { get; } = new(database);

        public BehindStore Behind { get; } = new(database);

        public RequestStore Requests { get; } = new(database);

        public TopicStore Topics { get; } = new(database);

        public async Task AddMemberAsync(string callback, DatabaseTime? leaseEnd = null, bool initial = false, DatabaseTime? at = null)
        {
            await Requests.AddAsync(Request(callback) with { Initial = initial }, Now, default);
            var request = Assert.Single(await Requests.ClaimAsync("n", 1, Now, Later, default));
            Assert.NotNull(await Activations.ActivateAsync(new(request, Now, leaseEnd ?? Later, at ?? Now), default));
        }

        /// <summary>Has a subscription wait for an attempt, as one that has just caught up does until it is settled.</summary>
        public Task MakeDueAsync(string callback) =>
            Database.Db.WriteAsync(
                s => s.ExecuteAsync("update {subscriptions} set due = @Now where callback = @callback", new { Now, callback }),
                default
            );

        public async Task<LaneRow> LaneWithEntriesAsync(int members, int entries)
        {
            for (var i = 0; i < members; i++)
                await AddMemberAsync($"https://s.example/{i}");
            await Behind.SettleAsync(Now, default);
            var lane = await HoldLaneAsync();
            await Lanes.JoinAsync(
                [.. (await Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default)).Select(m => m.Id)],
                "n",
                default
            );
            for (var i = 1; i <= entries; i++)
                Assert.Equal(i, await FetchAsync($"{i}"));
            return await ReadLaneAsync(lane.Id);
        }

        /// <summary>One member that is behind an entry after so many attempts; claimed.</summary>
        public async Task<SubscriptionRow> BehindAsync(long attempts)
        {
            var lane = await LaneWithEntriesAsync(members: 1, entries: 1);
            await Database.Db.WriteAsync(s => s.ExecuteAsync("update {subscriptions} set lease_end = 1000000000000"), default);
            var member = Assert.Single(await Lanes.ReadMembersAsync([lane.Id], new HashSet<LaneId>(), default));
            await Lanes.SaveAsync(
                [
                    Save(lane, cursor: 1) with
                    {
                        Departures =
                        [
                            LaneDeparture.Failed(member, 0, attempts, Now, new(400, "x", SpeaksOfPayload: true, AsksForPause: true), Kept),
                        ],
                    },
                ],
                "n",
                Now,
                Later,
                default
            );
            return Assert.Single(await Behind.ClaimAsync("n", 10, Now, Later, default));
        }

        /// <summary>The one lane, claimed: on PostgreSQL only its holder may join.</summary>
        public async Task<LaneRow> HoldLaneAsync()
        {
            await Database.Db.WriteAsync(s => s.ExecuteAsync("update {lanes} set claimed_by = 'n'"), default);
            return await ReadLaneAsync(await Database.Db.ReadAsync(s => s.ScalarAsync<LaneId>("select id from {lanes}"), default));
        }

        public async Task<LaneRow> ReadLaneAsync(LaneId id) => Assert.Single(await Lanes.ReadAsync([id], default));

        public Task<long?> FetchAsync(string body) =>
            Database.Db.WriteAsync<long?>(
                async s =>
                    await TopicLog.AppendChangedAsync(
                        s,
                        new(
                            (await TopicStore.FindAsync(s, Topic))!.Value,
                            "text/plain",
                            Encoding.UTF8.GetBytes(body),
                            EntrySource.Ping,
                            Now
                        )
                    ),
                default
            );

        public Task<IReadOnlyList<long>> ReadWorkAsync() =>
            Database.Db.ReadAsync(s => s.QueryAsync<long>("select head from {topic_work}"), default);

        /// <summary>Ends every subscription, as an unsubscription does.</summary>
        public Task ClearAsync(bool alsoWork = true) =>
            Database.Db.WriteAsync(
                async session =>
                {
                    await SubscriptionStore.EndAsync(session, "id > @none", new { none = 0 });
                    if (alsoWork)
                        await session.ExecuteAsync("delete from {topic_work}");
                },
                default
            );

        /// <summary>Stores a verified subscription inside a caller's transaction.</summary>
        public static Task JoinAsync(DbSession session) =>
            ActivationStore.ActivateAsync(session, [new(Request("https://s.example/first"), Now, Later, Now)]);

        public Task<bool> SomebodyWaitsAsync() =>
            Database.Db.ReadAsync(
                s =>
                    s.ScalarAsync<bool>(
                        "select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
                    ),
                default
            );

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }

    public sealed class OnSqlite() : LaneStoreTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : LaneStoreTests(server)
    {
        [Fact]
        public async Task Save_OfALaneThatWasFreed_ChangesNothing_AndLeavesItFree()
        {
            await using var stores = await OpenAsync();
            var lane = await stores.LaneWithEntriesAsync(members: 1, entries: 2);
            await stores.Database.Db.WriteAsync(
                s => s.ExecuteAsync("insert into {topic_work} (topic_id, head) values (@TopicId, 2) on conflict do nothing", lane),
                default
            );
            await stores.Database.Db.WriteAsync(s => s.ExecuteAsync("update {lanes} set claimed_by = null, claimed_until = null"), default);

            var saved = await stores.Lanes.SaveAsync([Save(lane, cursor: 1)], "n", Now, Later, default);
            var claimed = await stores.Lanes.ClaimAsync("other", [], 10, Now, Later, default);

            Assert.True(saved[lane.Id].Fenced);
            Assert.Equal(0, Assert.Single(claimed).Cursor);
        }

        /// <summary>
        /// While one transaction takes a due time because the head says there is nothing to send, an append and a run of the lane try to
        /// pass.
        /// </summary>
        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public async Task DueTime_TakenWhileAnEntryIsAppendedAndTheLaneSaved_IsSetAgain(bool settles)
        {
            await using var stores = await OpenAsync();
            await stores.AddMemberAsync("https://s.example/new");
            await stores.MakeDueAsync("https://s.example/new");
            var lane = await stores.HoldLaneAsync();
            var claimed = settles ? null : Assert.Single(await stores.Behind.ClaimAsync("n", 1, Now, Later, default));
            using var gate = new SemaphoreSlim(0);
            var taken = new TaskCompletionSource();

            var taking = stores.Database.Db.WriteAsync(
                async session =>
                {
                    if (claimed is null)
                        await BehindStore.SettleAsync(session, Now);
                    else
                        await BehindStore.SaveAsync(session, BehindSave.Skipped(claimed, 0), Now);
                    taken.SetResult();
                    await gate.WaitAsync();
                },
                default
            );
            await taken.Task;
            var passing = PassAsync(stores, lane);
            await Elsewhere.UntilAsync(async () => passing.IsCompleted || await stores.SomebodyWaitsAsync());
            gate.Release();
            await taking;
            await passing;

            var due = Assert.Single(await stores.Behind.ClaimAsync("n", 10, Now, Later, default));
            Assert.Equal((0L, 1L), (due.Position, due.Head));
        }

        [Fact]
        public async Task Append_WhereNobodyIsSubscribed_LeavesNoWork()
        {
            await using var stores = await OpenAsync();
            await stores.Database.Db.WriteAsync(s => TopicStore.FindOrAddAsync(s, Topic, Now), default);

            Assert.Equal(1, await stores.FetchAsync("never subscribed"));
            await stores.AddMemberAsync("https://s.example/0");
            Assert.Equal(2, await stores.FetchAsync("subscribed"));
            var subscribed = await stores.ReadWorkAsync();
            await stores.ClearAsync();
            Assert.Equal(3, await stores.FetchAsync("nobody left"));

            Assert.Equal([2], subscribed);
            Assert.Empty(await stores.ReadWorkAsync());
        }

        /// <summary>Whichever of the two is first, what is appended reaches the new subscription or came before it.</summary>
        [Theory]
        [InlineData(true)]
        [InlineData(false)]
        public async Task Append_WhileTheFirstSubscriptionJoins_IsWorkForItOrBeforeIt(bool joinsFirst)
        {
            await using var stores = await OpenAsync();
            await stores.Database.Db.WriteAsync(s => TopicStore.FindOrAddAsync(s, Topic, Now), default);
            using var gate = new SemaphoreSlim(0);
            var begun = new TaskCompletionSource();

            var first = stores.Database.Db.WriteAsync(
                async session =>
                {
                    if (joinsFirst)
                        await Stores.JoinAsync(session);
                    else
                        await AppendAsync(session, "one");
                    begun.SetResult();
                    await gate.WaitAsync();
                },
                default
            );
            await begun.Task;
            var second = stores.Database.Db.WriteAsync(
                session => joinsFirst ? AppendAsync(session, "one") : Stores.JoinAsync(session),
                default
            );
            await Elsewhere.UntilAsync(async () => second.IsCompleted || await stores.SomebodyWaitsAsync());
            gate.Release();
            await first;
            await second;

            Assert.Equal(joinsFirst ? [1L] : [], await stores.ReadWorkAsync());
            var position = await stores.Database.Db.ReadAsync(s => s.ScalarAsync<long>("select position from {subscriptions}"), default);
            Assert.Equal(joinsFirst ? 0 : 1, position);
        }

        [Fact]
        public async Task Work_OfATopicWhoseLastSubscriptionEnded_IsFoundAndCleared()
        {
            await using var stores = await OpenAsync();
            await stores.LaneWithEntriesAsync(members: 1, entries: 2);
            var before = await stores.Lanes.FindTopicsWithoutLanesAsync(default);

            await stores.ClearAsync(alsoWork: false);
            var after = await stores.Lanes.FindTopicsWithoutLanesAsync(default);
            await stores.Lanes.ClearWorkAsync(after, default);

            Assert.Empty(before);
            Assert.Single(after);
            Assert.Empty(await stores.ReadWorkAsync());
        }

        private static async Task AppendAsync(DbSession session, string body) =>
            await TopicLog.AppendChangedAsync(
                session,
                new((await TopicStore.FindAsync(session, Topic))!.Value, "text/plain", Encoding.UTF8.GetBytes(body), EntrySource.Ping, Now)
            );

        private static async Task PassAsync(Stores stores, LaneRow lane)
        {
            Assert.Equal(1, await stores.FetchAsync("one"));
            await stores.Lanes.SaveAsync([Save(lane, cursor: 1)], "n", Now, Later, default);
        }
    }
}
