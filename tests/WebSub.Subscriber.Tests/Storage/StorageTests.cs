using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;
using Xunit;

namespace WebSub.Subscriber.Tests.Storage;

/// <summary>What both databases must do alike.</summary>
public abstract class StorageTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, 123, 456, TimeSpan.Zero);
    private static readonly DateTimeOffset Until = Now.AddMinutes(1);
    private string _connectionString = "";
    private SubscriberDatabase _database = null!;
    private SubscriptionStore _subscriptions = null!;
    private InboxArrivals _arrivals = null!;
    private InboxStore _inbox = null!;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await CreateDatabaseAsync();
        _database = Open();
        _subscriptions = new(_database);
        _inbox = new(_database);
        _arrivals = new(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _arrivals.DisposeAsync();
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<string> CreateDatabaseAsync();

    [Fact]
    public async Task Add_SameTargetAndHandler_ReturnsTheFirst()
    {
        var first = await _subscriptions.AddAsync(New(), default);

        var second = await _subscriptions.AddAsync(New(), default);
        var other = await _subscriptions.AddAsync(New() with { Handler = "other" }, default);

        Assert.True(first.IsNew && other.IsNew);
        Assert.False(second.IsNew);
        Assert.Equal(first.Subscription.Id, second.Subscription.Id);
    }

    [Fact]
    public async Task FirstUse_WithoutMigrating_NamesWhatIsMissingAndChangesNothing()
    {
        var options = new WebSubSubscriberOptions
        {
            ConnectionString = await CreateDatabaseAsync(),
            TablePrefix = "p_",
            Migrate = false,
        };

        for (var i = 0; i < 2; i++)
        {
            await using var database = new SubscriberDatabase(options);
            var failure = await Assert.ThrowsAsync<DatabaseException>(() => database.EnsureReadyAsync(default).AsTask());
            Assert.Contains("lacks the migrations 0001_initial, 0002_declared, 0003_sealed", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task FirstUse_WithoutMigratingWhatIsUpToDate_Works()
    {
        await _subscriptions.AddAsync(New(), default);
        await _database.DisposeAsync();
        await using var database = new SubscriberDatabase(
            new WebSubSubscriberOptions { ConnectionString = _connectionString, Migrate = false }
        );

        var again = await new SubscriptionStore(database).AddAsync(New(), default);

        Assert.False(again.IsNew);
    }

    [Fact]
    public async Task Add_LongTopics_AreToldApart()
    {
        // What does not compress: PostgreSQL takes no long texts into an index.
        var topic = string.Concat(
            Enumerable
                .Range(0, 400)
                .Select(i =>
                    SHA256.HashData(BitConverter.GetBytes(i))[0].ToString("x2", CultureInfo.InvariantCulture) + (char)(0x4e00 + (i * 37))
                )
        );
        var first = await _subscriptions.AddAsync(New() with { Target = WebSubTarget.Topic(topic + "1", "https://hub.example/") }, default);

        var same = await _subscriptions.AddAsync(New() with { Target = WebSubTarget.Topic(topic + "1", "https://hub.example/") }, default);
        var other = await _subscriptions.AddAsync(New() with { Target = WebSubTarget.Topic(topic + "2", "https://hub.example/") }, default);

        Assert.Equal((false, true), (same.IsNew, other.IsNew));
        Assert.Equal(first.Subscription.Id, same.Subscription.Id);
        Assert.Equal(topic + "2", other.Subscription.Target.TopicName);
    }

    [Fact]
    public async Task Beat_OfSeveralProcesses_CountsThoseThatLive()
    {
        await using var second = Open();
        var alone = await _subscriptions.BeatAsync(Now, Until, default);

        // On SQLite nobody else can open the file.
        if (_database.Dialect == SqlDialect.Sqlite)
            return;
        var both = await new SubscriptionStore(second).BeatAsync(Now, Until, default);
        var later = await _subscriptions.BeatAsync(Until, Until.AddMinutes(1), default);

        Assert.Equal((1, 2, 1), (alone, both, later));
        Assert.False(await new SubscriptionStore(second).LeaveAsync(Until, default));
        Assert.True(await _subscriptions.LeaveAsync(Until, default));
    }

    [Fact]
    public async Task Change_EveryField_ComesBackAsItWas()
    {
        var (added, _) = await _subscriptions.AddAsync(New(), default);
        var full = added with
        {
            State = WebSubSubscriptionState.Active,
            Reason = "A reason with ümläuts.",
            Options = new()
            {
                LeaseSeconds = 5,
                Secret = "s",
                Parameters = [new("a", "b")],
                Headers = [new("X-A", "1")],
                Accept = "application/atom+xml",
                AppendPath = false,
            },
            Active = Part("key"),
            Pending = added.Pending! with
            {
                State = WebSubRequestState.HubError,
                Hub = "https://hub2.example/",
                Topic = "https://news.example/%7Eé?x=1",
                CallbackKey = "key2",
                Secret = "new",
                LeaseSeconds = 77,
                ConnectAttempts = 1,
                HubErrorAttempts = 2,
                VerifyAttempts = 3,
                Due = Now.AddSeconds(9),
                SentAt = Now.AddSeconds(1),
            },
        };

        await _subscriptions.ChangeAsync(added.Id, _ => new(full, null), default);
        var read = (await _subscriptions.FindAsync(added.Id, default))!;

        Assert.Equivalent(full with { Version = 1 }, read, strict: true);
        Assert.Equal(full.Pending.Due, read.Due);
    }

    [Fact]
    public async Task Change_TransitionSaysNo_SavesNothing()
    {
        var (added, _) = await _subscriptions.AddAsync(New(), default);

        var change = await _subscriptions.ChangeAsync(added.Id, _ => null, default);
        var unknown = await _subscriptions.ChangeAsync(Guid.NewGuid(), s => new(s, null), default);

        Assert.Null(change);
        Assert.Null(unknown);
        Assert.Equal(0, (await _subscriptions.FindAsync(added.Id, default))!.Version);
    }

    [Fact]
    public async Task Change_ManyAtOnce_LosesNone()
    {
        var (added, _) = await _subscriptions.AddAsync(New(), default);

        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(_ =>
                    _subscriptions.ChangeAsync(
                        added.Id,
                        s => new(s with { Pending = s.Pending! with { ConnectAttempts = s.Pending!.ConnectAttempts + 1 } }, null),
                        default
                    )
                )
        );

        Assert.Equal(40, (await _subscriptions.FindAsync(added.Id, default))!.Pending!.ConnectAttempts);
    }

    [Fact]
    public async Task FindByKey_EveryKeyEverSent_FindsItsSubscription()
    {
        var (added, _) = await _subscriptions.AddAsync(New(), default);
        foreach (var key in new[] { "first", "second" })
        {
            await _subscriptions.ChangeAsync(
                added.Id,
                s => new(s with { Pending = s.Pending! with { CallbackKey = key, Hub = "h", Topic = "t" } }, null),
                default
            );
        }

        Assert.Equal(added.Id, (await _subscriptions.FindByKeyAsync("first", "news", default))!.Id);
        Assert.Equal(added.Id, (await _subscriptions.FindByKeyAsync("second", "news", default))!.Id);
        Assert.Null(await _subscriptions.FindByKeyAsync("third", "news", default));
    }

    [Fact]
    public async Task List_WithFilter_PagesInOrder()
    {
        for (var i = 0; i < 5; i++)
        {
            await _subscriptions.AddAsync(
                New($"https://news.example/{i}") with
                {
                    Handler = i % 2 == 0 ? "even" : "odd",
                    CreatedAt = Now.AddSeconds(i),
                },
                default
            );
        }

        var first = await _subscriptions.ListAsync(new() { Handler = "even" }, null, 2, default);
        var second = await _subscriptions.ListAsync(new() { Handler = "even" }, first[^1], 2, default);
        var none = await _subscriptions.ListAsync(new() { State = WebSubSubscriptionState.Active }, null, 2, default);

        Assert.Equal(["https://news.example/0", "https://news.example/2"], first.Select(s => s.Target.ResourceUrl));
        Assert.Equal(["https://news.example/4"], second.Select(s => s.Target.ResourceUrl));
        Assert.Empty(none);
    }

    [Fact]
    public async Task ClaimDue_Twice_GivesEachRowToOne()
    {
        for (var i = 0; i < 3; i++)
            await _subscriptions.AddAsync(New($"https://news.example/{i}"), default);

        var first = await _subscriptions.ClaimDueAsync(Now, Until, 2, default);
        var second = await _subscriptions.ClaimDueAsync(Now, Until, 2, default);
        var third = await _subscriptions.ClaimDueAsync(Now, Until, 2, default);

        Assert.Equal((2, 1, 0), (first.Count, second.Count, third.Count));
        Assert.Equal(3, first.Concat(second).Select(s => s.Id).Distinct().Count());
        Assert.Equal(Until, await _subscriptions.NextDueAsync(default));
    }

    [Fact]
    public async Task ClaimDue_LapsedOrReleased_IsGivenAgain()
    {
        var (added, _) = await _subscriptions.AddAsync(New(), default);
        await _subscriptions.ClaimDueAsync(Now, Until, 1, default);

        var kept = await _subscriptions.KeepClaimsAsync([added.Id], Until.AddMinutes(1), default);
        var tooEarly = await _subscriptions.ClaimDueAsync(Until, Until.AddMinutes(1), 1, default);
        var lapsed = await _subscriptions.ClaimDueAsync(Until.AddMinutes(1), Until.AddMinutes(2), 1, default);
        await _subscriptions.ReleaseAsync(added.Id, default);
        var released = await _subscriptions.ClaimDueAsync(Until.AddMinutes(1), Until.AddMinutes(2), 1, default);

        Assert.Equal((1, 0, 1, 1), (kept, tooEarly.Count, lapsed.Count, released.Count));
    }

    [Fact]
    public async Task Inbox_SameDeliveryReplayAndBody_IsARepeat()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        var (other, _) = await _subscriptions.AddAsync(New("https://other.example/"), default);

        Assert.True(await AddAsync(Row(s, "t/1")));
        Assert.False(await AddAsync(Row(s, "t/1")));
        Assert.True(await AddAsync(Row(s, "t/1") with { Replay = "1" }));
        Assert.True(await AddAsync(Row(s, "t/1") with { BodyHash = "another" }));
        Assert.True(await AddAsync(Row(s, "t/2")));
        Assert.True(await AddAsync(Row(other, "t/1")));
        Assert.True(await AddAsync(Row(s, null)));
        Assert.True(await AddAsync(Row(s, null)));
    }

    [Fact]
    public async Task Inbox_SameBodyWithoutIdOverTwoCallbacks_IsStoredAsOftenAsOverOne()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        var taken = new List<bool>();

        foreach (var key in new[] { "a", "b", "c", "b", "a", "a" })
            taken.Add(await AddAsync(Row(s, null) with { CallbackKeys = key + " " }));

        Assert.Equal([true, false, false, true, false, true], taken);
    }

    [Fact]
    public async Task Inbox_OfOneSubscription_ComesOneAtATimeInOrder()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        for (var i = 1; i <= 3; i++)
            await AddAsync(Row(s, $"t/{i}"));
        var order = new List<string?>();

        while (await _inbox.ClaimDueAsync(Now, Until, 10, default) is { Count: > 0 } claimed)
        {
            var row = Assert.Single(claimed);
            order.Add(row.DeliveryId);
            Assert.True(await HandledAsync(row));
        }

        Assert.Equal(["t/1", "t/2", "t/3"], order);
        Assert.Null(await _inbox.NextDueAsync(default));
    }

    [Fact]
    public async Task Inbox_HandledTogether_IsDone_AndWhatIsBeingHandledNextStaysClaimed()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        var (other, _) = await _subscriptions.AddAsync(New("https://other.example/"), default);
        for (var i = 1; i <= 5; i++)
            await AddAsync(Row(s, $"t/{i}"));
        var first = Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default));
        await AddAsync(Row(other, "t/1"));

        var ahead = await _inbox.ReadAheadAsync(first, 3, 1000, default);
        var isSaved = await _inbox.HandledAsync(first, [ahead[0].Id], ahead[1].Id, Now, Until, default);
        var others = await _inbox.ClaimDueAsync(Now, Until, 10, default);
        var isSavedAgain = await _inbox.HandledAsync(first, [ahead[2].Id], null, Now, Until, default);
        await _inbox.HandledAsync(ahead[1], [], null, Now, Until, default);
        var rest = await _inbox.ClaimDueAsync(Now, Until, 10, default);

        Assert.Equal(["t/2", "t/3", "t/4"], ahead.Select(r => r.DeliveryId));
        Assert.Equal((true, false), (isSaved, isSavedAgain));
        Assert.Equal(other.Id.ToString("D"), Assert.Single(others).SubscriptionId);
        Assert.Equal("t/4", Assert.Single(rest).DeliveryId);
        Assert.Equal([("Done", 3), ("Waiting", 3)], (await _inbox.CountAsync(default)).Select(c => (c.State, (int)c.Count)));
    }

    [Fact]
    public async Task Inbox_ChangedByAnOperatorDuringATurn_KeepsWhatRunsClaimed_AndLeavesWhatIsNotItsOwn()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        var (other, _) = await _subscriptions.AddAsync(New("https://other.example/"), default);
        for (var i = 1; i <= 4; i++)
            await AddAsync(Row(s, $"t/{i}"));
        var first = Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default));
        await HandledAsync(first);
        await AddAsync(Row(other, "t/1"));
        var claimed = await _inbox.ClaimDueAsync(Now, Until, 10, default);
        var (second, others) = (claimed.Single(r => r.DeliveryId == "t/2"), claimed.Single(r => r.DeliveryId == "t/1"));
        var third = (await _inbox.ReadAheadAsync(second, 1, 1000, default))[0];

        await _inbox.ReplayAsync(first.Id, Now, default);
        var isOurs = await _inbox.HandledAsync(second, [others.Id], third.Id, Now, Until, default);
        var meanwhile = await _inbox.ClaimDueAsync(Now, Until, 10, default);
        var aheadOfWhatIsDone = await _inbox.ReadAheadAsync(second, 10, 1000, default);
        await _inbox.DropAsync([third.Id], Now, default);
        var isOursAfterTheDrop = await _inbox.HandledAsync(third, [], null, Now, Until, default);
        var rest = await _inbox.ClaimDueAsync(Now, Until, 10, default);

        Assert.Equal((true, false), (isOurs, isOursAfterTheDrop));
        Assert.Empty(meanwhile);
        Assert.Empty(aheadOfWhatIsDone);
        Assert.Equal("t/1", Assert.Single(rest).DeliveryId);
        Assert.True(await HandledAsync(others));
    }

    [Fact]
    public async Task Inbox_ReadAhead_EndsBeforeWhatIsTooLarge()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        foreach (var (id, length) in new[] { ("t/1", 5000), ("t/2", 400), ("t/3", 600), ("t/4", 1) })
            await AddAsync(Row(s, id) with { Body = new byte[length] });
        var first = Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default));

        var all = await _inbox.ReadAheadAsync(first, 10, 1000, default);
        var less = await _inbox.ReadAheadAsync(first, 10, 999, default);
        var none = await _inbox.ReadAheadAsync(first, 10, 399, default);

        Assert.Equal(["t/2", "t/3"], all.Select(r => r.DeliveryId));
        Assert.Equal(["t/2"], less.Select(r => r.DeliveryId));
        Assert.Empty(none);
    }

    [Fact]
    public async Task Inbox_Postponed_HoldsBackThoseBehindIt()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        await AddAsync(Row(s, "t/1"));
        await AddAsync(Row(s, "t/2"));
        var first = Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default));

        await _inbox.PostponeAsync(first, 1, "It failed.", Now.AddSeconds(30), default);
        var early = await _inbox.ClaimDueAsync(Now.AddSeconds(29), Until, 10, default);
        var again = Assert.Single(await _inbox.ClaimDueAsync(Now.AddSeconds(30), Until, 10, default));

        Assert.Empty(early);
        Assert.Equal(("t/1", 1L, "It failed."), (again.DeliveryId, again.Attempts, again.LastError));
    }

    [Fact]
    public async Task Inbox_Row_ComesBackAsItWas()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        var row = Row(s, "t/1") with
        {
            Body = [0, 255, 10],
            ContentType = "text/plain;charset=UTF-8",
            Headers = """{"X":["1","2"]}""",
            Replay = "3",
        };

        await AddAsync(row);
        var read = Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default));

        Assert.Equivalent(row with { Id = read.Id, Due = row.ReceivedAt }, read, strict: true);
    }

    [Fact]
    public async Task Inbox_ClaimOfSomebodyWhoDied_LapsesUnlessKept()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        await AddAsync(Row(s, "t/1"));
        var row = Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default));

        await _inbox.KeepClaimsAsync([row.Id], Until.AddMinutes(1), default);
        var kept = await _inbox.ClaimDueAsync(Until, Until.AddMinutes(1), 10, default);
        var next = await _inbox.NextDueAsync(default);
        var lapsed = await _inbox.ClaimDueAsync(Until.AddMinutes(1), Until.AddMinutes(2), 10, default);

        Assert.Empty(kept);
        Assert.Equal(Until.AddMinutes(1), next);
        Assert.Equal("t/1", Assert.Single(lapsed).DeliveryId);
    }

    [Fact]
    public async Task Texts_WithWhatDatabasesRefuse_AreStoredAllTheSame()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        await AddAsync(Row(s, "t/1"));
        var row = Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default));

        await _subscriptions.ChangeAsync(s.Id, c => new(c with { Reason = "a\0b" + new string('x', 5000) }, null), default);
        await _inbox.PostponeAsync(row, 1, "c\0d", Now, default);

        Assert.StartsWith("a\uFFFDbx", (await _subscriptions.FindAsync(s.Id, default))!.Reason, StringComparison.Ordinal);
        Assert.Equal("c\uFFFDd", Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default)).LastError);
    }

    [Fact]
    public async Task Inbox_Added_IsCountedWithoutDisturbingAChange()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);

        await AddAsync(Row(s, "t/1"));
        await _subscriptions.ChangeAsync(s.Id, c => new(c with { Reason = "x" }, null), default);

        var read = (await _subscriptions.FindAsync(s.Id, default))!;
        Assert.Equal((1, Now), (read.Received, read.ReceivedAt));
    }

    [Fact]
    public async Task Inbox_FinishedAfterClaimWasLost_ChangesNothing()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        await AddAsync(Row(s, "t/1"));
        var row = Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default));
        await _inbox.PostponeAsync(row, 0, null, Now, default);

        Assert.False(await HandledAsync(row));
        Assert.False(await _inbox.ParkAsync(row, 1, null, Now, default));
        Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default));
    }

    [Fact]
    public async Task Inbox_Prune_ForgetsOnlyWhatIsDoneAndOld()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        await AddAsync(Row(s, "t/1"));
        await HandledAsync(Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default)));
        await AddAsync(Row(s, "t/2"));
        await _inbox.ParkAsync(Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default)), 1, null, Now, default);

        Assert.Equal(0, await _inbox.PruneAsync(Now, Now, default));
        Assert.Equal(1, await _inbox.PruneAsync(Now.AddSeconds(1), Now, default));
        Assert.True(await AddAsync(Row(s, "t/1")));
        Assert.False(await AddAsync(Row(s, "t/2")));
    }

    [Fact]
    public async Task Inbox_AddedFromManySides_IsNeitherStuckNorTwiceDue()
    {
        var (s, _) = await _subscriptions.AddAsync(New(), default);
        var handled = 0;

        var adding = Task.WhenAll(Enumerable.Range(0, 60).Select(i => AddAsync(Row(s, i.ToString(CultureInfo.InvariantCulture)))));
        while (handled < 60)
        {
            var claimed = await _inbox.ClaimDueAsync(Now, Until, 10, default);
            Assert.True(claimed.Count <= 1);
            foreach (var row in claimed)
            {
                await HandledAsync(row);
                handled++;
            }

            if (claimed.Count == 0)
                Assert.False(adding.IsCompleted && await _inbox.NextDueAsync(default) is null && handled < 60, "The inbox is stuck.");
        }

        await adding;
        Assert.Empty(await _inbox.ClaimDueAsync(Now, Until, 10, default));
    }

    [Fact]
    public async Task Migrate_SecondTime_KeepsWhatIsThere()
    {
        var (added, _) = await _subscriptions.AddAsync(New(), default);
        await _database.DisposeAsync();

        _database = Open();
        var read = await new SubscriptionStore(_database).FindAsync(added.Id, default);

        Assert.Equal(added.Id, read!.Id);
    }

    [Fact]
    public async Task Change_WithSecrets_IsSealedAtRestAndReadAgainAfterARestart()
    {
        var (added, _) = await _subscriptions.AddAsync(
            New() with
            {
                Options = Secretive,
                Declared = SubscriptionRow.Write(Secretive),
            },
            default
        );
        var before = await TextsAsync();
        await _subscriptions.ChangeAsync(
            added.Id,
            s => new(s with { Active = Part("k"), Pending = s.Pending! with { Secret = "my secret" } }, null),
            default
        );

        var after = await TextsAsync();
        await _database.DisposeAsync();
        _database = Open();
        var read = await new SubscriptionStore(_database).FindAsync(added.Id, default);

        Assert.Equal(["declared", "options"], before.Keys.Order());
        Assert.Equal(["declared", "options", "pending_secret", "secret"], after.Keys.Order());
        Assert.All(after.Values, text => Assert.DoesNotMatch("secret|Bearer|(?<![A-Za-z0-9+/])old(?![A-Za-z0-9+/])", text));
        // What did not change looks the same, so that nobody learns from the database when something did.
        Assert.Equal((before["options"], before["declared"]), (after["options"], after["declared"]));
        Assert.Equal(
            ("old", "my secret", "my secret", "Bearer secret"),
            (read!.Active!.Secret, read.Pending!.Secret, read.Options.Secret, read.Options.Headers[0].Value)
        );
        Assert.Equal(SubscriptionRow.Write(Secretive), read.Declared);
    }

    [Fact]
    public async Task Change_OfARowInTheClear_SealsIt()
    {
        var (added, _) = await _subscriptions.AddAsync(New(), default);
        await _subscriptions.ChangeAsync(added.Id, s => new(s with { Active = Part("k"), Declared = "{}" }, null), default);
        await _database.WriteAsync(
            session =>
                session.ExecuteAsync(
                    "update {subscriptions} set secret = 'from before', options = @options, declared = '{}'",
                    new { options = SubscriptionRow.Write(Secretive) }
                ),
            default
        );

        var read = await _subscriptions.FindAsync(added.Id, default);
        await _subscriptions.ChangeAsync(added.Id, s => new(s, null), default);

        Assert.Equal(("from before", "my secret"), (read!.Active!.Secret, read.Options.Secret));
        Assert.All((await TextsAsync()).Values, text => Assert.StartsWith("sealed:", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_WithoutTheKeysThatSealed_SaysSo()
    {
        await _subscriptions.AddAsync(New(), default);
        await _database.WriteAsync(session => session.ExecuteAsync("delete from {key_ring}"), default);
        await _database.DisposeAsync();

        _database = Open();
        var fault = await Assert.ThrowsAsync<DatabaseException>(() => new SubscriptionStore(_database).FindAsync(Guid.NewGuid(), default));

        Assert.Contains("Start with the key ring that was used before.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WithoutTheDataKeyThatSealed_SaysSo()
    {
        await _subscriptions.AddAsync(New(), default);
        await _database.WriteAsync(session => session.ExecuteAsync("delete from {data_key}"), default);
        await _database.DisposeAsync();

        _database = Open();
        var fault = await Assert.ThrowsAsync<DatabaseException>(() => new SubscriptionStore(_database).FindAsync(Guid.NewGuid(), default));

        Assert.Contains("data_key, is missing. Restore that row", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_HostHasAKeyRing_UsesIt()
    {
        var ring = Directory.CreateTempSubdirectory("websub-keys-");
        var services = new ServiceCollection();
        services.AddDataProtection().PersistKeysToFileSystem(ring);
        await using var host = services.BuildServiceProvider();
        await _database.DisposeAsync();

        _database = new(new WebSubSubscriberOptions { ConnectionString = await CreateDatabaseAsync() }, host);
        await new SubscriptionStore(_database).AddAsync(New(), default);
        var ours = await _database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from {key_ring}"), default);
        var theirs = ring.GetFiles().Length;
        ring.Delete(recursive: true);

        Assert.Equal((0, 1), (ours, theirs));
    }

    private static WebSubSubscribeOptions Secretive { get; } =
        new() { Secret = "my secret", Headers = [new("Authorization", "Bearer secret")] };

    /// <summary>What somebody who has the database, or a copy of it, reads.</summary>
    private async Task<Dictionary<string, string>> TextsAsync()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in new[] { "secret", "pending_secret", "options", "declared" })
        {
            if (
                await _database.ReadAsync(
                    session => session.ScalarAsync<string>($$"""select {{column}} from {subscriptions}"""),
                    default
                ) is
                { } text
            )
                texts[column] = text;
        }

        return texts;
    }

    private static Subscription New(string resource = "https://news.example/") =>
        new()
        {
            Id = Guid.NewGuid(),
            Handler = "news",
            Target = resource,
            CreatedAt = Now,
            ChangedAt = Now,
            Pending = new()
            {
                Id = Guid.NewGuid(),
                Mode = HubModes.Subscribe,
                Due = Now,
            },
        };

    private static ConfirmedPart Part(string key) =>
        new()
        {
            Hub = "https://hub.example/",
            Topic = "https://news.example/feed",
            Secret = "old",
            CallbackKey = key,
            ConfirmedAt = Now,
            LeaseEnd = Now.AddDays(1),
            RenewAt = Now.AddHours(18),
        };

    [Fact]
    public async Task AddTogether_OfTwoSubscriptions_KeepsTheOrder_AndOnlyTheFirstOfEachIsDue()
    {
        var (one, two) = (await AddedAsync("one"), await AddedAsync("two"));

        await TogetherAsync(Arriving(one, "a"), Arriving(two, "b"), Arriving(one, "c"), Arriving(two, "d"));

        var claimed = await _inbox.ClaimDueAsync(Now, Until, 10, default);
        var all = await _inbox.ListAsync(null, InboxState.Waiting, 0, 10, default);
        Assert.Equal(["a", "b"], claimed.Select(r => r.Topic).Order());
        Assert.Equal(["a", "b", "c", "d"], all.OrderBy(i => i.Id).Select(i => i.Topic));
        Assert.Equal(2, (await _subscriptions.FindAsync(one.Id, default))!.Received);
    }

    [Fact]
    public async Task AddTogether_BehindOneThatWaits_LeavesThatOneDue()
    {
        var subscription = await AddedAsync("one");
        await TogetherAsync(Arriving(subscription, "first"));

        await TogetherAsync(Arriving(subscription, "second"), Arriving(subscription, "third"));

        Assert.Equal("first", Assert.Single(await _inbox.ClaimDueAsync(Now, Until, 10, default)).Topic);
    }

    [Fact]
    public async Task AddTogether_SameBodyTwice_WithOneId_StoresOne()
    {
        var subscription = await AddedAsync("one");
        var (first, again) = (Arriving(subscription, "a", "t/1"), Arriving(subscription, "a", "t/1"));

        await TogetherAsync(first, again);

        Assert.Equal((ArrivalResult.New, ArrivalResult.Repeat), (first.Result, again.Result));
        Assert.Single(await _inbox.ListAsync(null, null, 0, 10, default));
    }

    [Fact]
    public async Task AddTogether_SameBodyTwice_WithoutIdOrWindow_StoresBothInOrder()
    {
        var subscription = await AddedAsync("one");

        await TogetherAsync(Arriving(subscription, "a"), Arriving(subscription, "a"), Arriving(subscription, "b"));

        var all = await _inbox.ListAsync(null, null, 0, 10, default);
        Assert.Equal(["a", "a", "b"], all.OrderBy(i => i.Id).Select(i => i.Topic));
    }

    [Fact]
    public async Task AddTogether_ABodyThatIsKept_WithinTheWindow_IsARepeat()
    {
        var subscription = await AddedAsync("one");
        await TogetherAsync(Arriving(subscription, "a"), Arriving(subscription, "b"));
        var rule = new RepeatRule(TimeSpan.FromMinutes(5), TimeSpan.Zero, TrustsNumbers: true);
        var again = Arriving(subscription, "a", at: Now.AddMinutes(1));
        var (soon, late) = (Judged(again, rule), Judged(Arriving(subscription, "b", at: Now.AddMinutes(6)), rule));

        await TogetherAsync(soon, late);

        Assert.Equal((ArrivalResult.Repeat, ArrivalResult.New), (soon.Result, late.Result));

        static Arrival Judged(Arrival arrival, RepeatRule rule) => new(arrival.Row, arrival.Mark, rule, arrival.Version);
    }

    [Fact]
    public async Task AddTogether_OneBodyManyTimes_LocksItsSubscriptionsOnce()
    {
        var (one, two) = (await AddedAsync("one"), await AddedAsync("two"));
        var statements = new List<string>();
        _database.Database.Watch = statements.Add;

        await TogetherAsync([.. Enumerable.Range(0, 10).Select(_ => Arriving(one, "a")), Arriving(two, "b")]);

        _database.Database.Watch = null;
        Assert.Equal(11, (await _inbox.ListAsync(null, null, 0, 20, default)).Count);
        if (_database.Dialect == SqlDialect.Sqlite)
            Assert.Equal(2, statements.Count(s => s.StartsWith("select version from {subscriptions}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AddTogether_OneThatOnlyTheIndexKnows_IsARepeat_AndTheNextIsDue()
    {
        var subscription = await AddedAsync("one");
        foreach (var number in Enumerable.Range(1, 101))
            await TogetherAsync(Arriving(subscription, "same", $"t/{number}", Now.AddSeconds(number)));
        while (await _inbox.ClaimDueAsync(Until, Until.AddDays(1), 10, default) is [var row, ..])
            await HandledAsync(row);
        var (old, next) = (Arriving(subscription, "same", "t/1"), Arriving(subscription, "next"));

        await TogetherAsync(old, next);

        Assert.Equal((ArrivalResult.Repeat, ArrivalResult.New), (old.Result, next.Result));
        Assert.Equal("next", Assert.Single(await _inbox.ClaimDueAsync(Until, Until.AddDays(1), 10, default)).Topic);
    }

    [Fact]
    public async Task AddTogether_SubscriptionThatHasChangedSince_StoresNothingOfIt_AndCountsNothing()
    {
        var (changed, gone, same) = (await AddedAsync("changed"), await AddedAsync("gone"), await AddedAsync("same"));
        await _subscriptions.ChangeAsync(changed.Id, s => new(s with { Reason = "Changed." }, null), default);
        await _subscriptions.DeleteAsync(gone.Id, Now, default);
        var arrivals = new[] { Arriving(changed, "a"), Arriving(gone, "b"), Arriving(same, "c") };

        await TogetherAsync(arrivals);

        Assert.Equal([ArrivalResult.Changed, ArrivalResult.Changed, ArrivalResult.New], arrivals.Select(a => a.Result));
        Assert.Equal("c", Assert.Single(await _inbox.ListAsync(null, null, 0, 10, default)).Topic);
        Assert.Equal(0, (await _subscriptions.FindAsync(changed.Id, default))!.Received);
    }

    [Fact]
    public async Task AddTogether_NumbersWithAHole_NotesIt_WhateverTheirOrder()
    {
        var subscription = await AddedAsync("one");
        await TogetherAsync(Arriving(subscription, "a", "t/1"));

        await TogetherAsync(Arriving(subscription, "d", "t/6"), Arriving(subscription, "c", "t/5"), Arriving(subscription, "b", "t/2"));

        var gap = Assert.Single(await new HealthStore(_database).GapsAsync(default));
        Assert.Equal((2, 5), (gap.GapAfter, gap.GapBefore));
    }

    [Fact]
    public async Task AddTogether_Many_ReadsEachSubscriptionAndCountsItOnce()
    {
        var subscription = await AddedAsync("one");
        var statements = new List<string>();
        _database.Database.Watch = statements.Add;

        await TogetherAsync([.. Enumerable.Range(0, 50).Select(i => Arriving(subscription, $"{i}", $"t/{i}"))]);

        _database.Database.Watch = null;
        Assert.Single(statements, s => s.Contains("update {subscriptions}", StringComparison.Ordinal));
        Assert.Single(
            statements,
            s => s.StartsWith("select", StringComparison.Ordinal) && s.Contains("version from {subscriptions}", StringComparison.Ordinal)
        );
        if (_database.Dialect == SqlDialect.PostgreSql)
            Assert.Equal(3, statements.Count);
    }

    private Task TogetherAsync(params Arrival[] arrivals) =>
        _database.WriteAsync(
            async session =>
            {
                await InboxArrivals.AddTogetherAsync(session, arrivals);
                return true;
            },
            default
        );

    private async Task<Subscription> AddedAsync(string handler) =>
        (await _subscriptions.AddAsync(New() with { Id = Guid.NewGuid(), Handler = handler }, default)).Subscription;

    private static Arrival Arriving(Subscription subscription, string text, string? deliveryId = null, DateTimeOffset? at = null)
    {
        var row = Row(subscription, deliveryId) with { Topic = text, BodyHash = text, ReceivedAt = DatabaseTime.From(at ?? Now) };
        var mark = new DeliveryMark(deliveryId, "", null, IsSigned: false, at ?? Now);
        return new(row, mark, new(TimeSpan.Zero, TimeSpan.Zero, TrustsNumbers: true), subscription.Version);
    }

    private async Task<bool> AddAsync(InboxRow row)
    {
        var subscription = await _subscriptions.FindAsync(Guid.Parse(row.SubscriptionId), default);
        var arrival = new Arrival(
            row,
            new(row.DeliveryId, row.Replay, row.CallbackKeys?.Trim(), IsSigned: false, Now),
            new(TimeSpan.Zero, TimeSpan.Zero, TrustsNumbers: true),
            subscription!.Version
        );
        return await _arrivals.AddAsync(arrival, default) == ArrivalResult.New;
    }

    private Task<bool> HandledAsync(InboxRow row) => _inbox.HandledAsync(row, [], null, Now, Until, default);

    private static InboxRow Row(Subscription s, string? deliveryId) =>
        new()
        {
            SubscriptionId = s.Id.ToString("D"),
            Topic = "t",
            DeliveryId = deliveryId,
            BodyHash = "hash",
            Body = [1],
            ReceivedAt = DatabaseTime.From(Now),
        };

    private SubscriberDatabase Open() => new(new WebSubSubscriberOptions { ConnectionString = _connectionString });
}
