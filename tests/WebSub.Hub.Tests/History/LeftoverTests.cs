using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.History;

public abstract class LeftoverTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Left = "https://publisher.example/left";
    private const string Pushed = "https://publisher.example/pushed";
    private const string Registered = "registered";
    private const string Wanted = "https://publisher.example/wanted";

    [Fact]
    public async Task Topics_ThatNobodyWants_GoWithAllTheyHave()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await FillAsync(hub, subscriber);

        var gone = await DropAsync(hub, before: new(long.MaxValue));

        Assert.Equal(2, gone);
        Assert.Equal([Wanted, Registered], await ReadAsync<string>(hub, "select url from {topics} order by url"));
        Assert.Equal(
            ["registered", "wanted"],
            (await ReadAsync<byte[]>(hub, "select body from {contents}")).Select(Encoding.UTF8.GetString).Order(StringComparer.Ordinal)
        );
        Assert.Empty(
            await ReadAsync<long>(hub, "select topic_id from {entries} union select topic_id from {lanes} except select id from {topics}")
        );
    }

    [Fact]
    public async Task Topics_ThatSomethingCameToSince_Stay()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await FillAsync(hub, subscriber);

        var gone = await DropAsync(hub, before: new(1));

        Assert.Equal(0, gone);
    }

    [Fact]
    public async Task Topic_ThatIsWantedAgainMeanwhile_Stays()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await FillAsync(hub, subscriber);
        var leftovers = hub.Services.GetRequiredService<LeftoverStore>();
        var found = await leftovers.FindTopicsAsync(new(long.MinValue), new(long.MaxValue), 10, TestContext.Current.CancellationToken);

        await hub.SubscribeAsync(Left, subscriber.Callback("again"));
        await leftovers.DropTopicsAsync(found, new(long.MaxValue), TestContext.Current.CancellationToken);
        await hub.PublishAsync(Left, "again");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal((2, "/again", "again"), (found.Count, delivery.Target, delivery.Text));
    }

    [Fact]
    public async Task Topic_ThatWent_IsMadeAnewForWhoComesNext()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await FillAsync(hub, subscriber);
        var topicId = (await ReadAsync<long>(hub, $"select id from {{topics}} where url = '{Left}'"))[0];
        await DropAsync(hub, before: new(long.MaxValue));

        await hub.SubscribeAsync(Left, subscriber.Callback("new"));
        await hub.PublishAsync(Left, "new");
        var delivery = await hub.NextDeliveryAsync(subscriber);
        var late = await hub
            .Services.GetRequiredService<TopicLog>()
            .AppendAsync(
                new(new(topicId), "text/plain", "late"u8.ToArray(), EntrySource.Push, new(1)),
                TestContext.Current.CancellationToken
            );

        Assert.Equal(("/new", "new"), (delivery.Target, delivery.Text));
        Assert.EndsWith("/1", delivery.DeliveryId, StringComparison.Ordinal);
        Assert.False(delivery.DeliveryId!.StartsWith($"{topicId:x16}", StringComparison.Ordinal));
        Assert.Null(late);
    }

    [Fact]
    public async Task DeadLetters_GoByAge_TheOldestFirst()
    {
        // Far in the future, so that the hub's own sweep does not find them old.
        const long From = 1L << 60;
        await using var hub = await StartHubAsync();
        for (var i = 1; i <= 5; i++)
        {
            await hub.Db.WriteAsync(
                s =>
                    s.ExecuteAsync(
                        "insert into {dead_letters} (topic_id, subscription_id, callback, first_sequence, last_sequence, attempts, "
                            + "created_at) values (1, 1, 'c', @i, @i, 1, @at)",
                        new { i = (long)i, at = From + i }
                    ),
                TestContext.Current.CancellationToken
            );
        }

        var leftovers = hub.Services.GetRequiredService<LeftoverStore>();
        var first = await leftovers.DropDeadLettersAsync(
            before: new(From + 4),
            max: 2,
            now: new(From + 5),
            TestContext.Current.CancellationToken
        );
        var second = await leftovers.DropDeadLettersAsync(
            before: new(From + 4),
            max: 2,
            now: new(From + 5),
            TestContext.Current.CancellationToken
        );

        Assert.Equal((2, 1), (first, second));
        Assert.Equal([From + 4, From + 5], await ReadAsync<long>(hub, "select created_at from {dead_letters} order by id"));
    }

    [Fact]
    public async Task Sweep_TakesWhatNobodyHasWantedForDays()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.History.Days = 1, clock);
        await hub.PublishAsync(Pushed, "pushed");

        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        var passed = 0;
        while ((await ReadAsync<long>(hub, "select count(*) from {topics}"))[0] > 0)
        {
            deadline.Token.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromHours(1));
            passed++;
        }

        Assert.True(passed > 24, $"It went after {passed} h.");
    }

    /// <summary>
    /// One topic that was left, one that was pushed to without subscribers, one that is registered, and, with the newest lane, one that has
    /// a subscriber.
    /// </summary>
    private static async Task FillAsync(HubHost hub, FakeSubscriber subscriber)
    {
        using (await hub.PostAsync(new HubFields().Add(HubParameters.Mode, "register").Add(HubParameters.Topic, Registered)))
        {
            await hub.PublishAsync(Registered, "registered");
        }

        await hub.PublishAsync(Pushed, "pushed");
        await hub.SubscribeAsync(Left, subscriber.Callback("left"));
        await hub.PublishAsync(Left, "left");
        await hub.NextDeliveryAsync(subscriber);
        await hub.UnsubscribeAsync(Left, subscriber.Callback("left"));
        await hub.SubscribeAsync(Wanted, subscriber.Callback("wanted"));
        await hub.PublishAsync(Wanted, "wanted");
        await hub.NextDeliveryAsync(subscriber);
    }

    private static async Task<int> DropAsync(HubHost hub, DatabaseTime before)
    {
        var leftovers = hub.Services.GetRequiredService<LeftoverStore>();
        var found = await leftovers.FindTopicsAsync(new(long.MinValue), before, 10, TestContext.Current.CancellationToken);
        return found.Count == 0 ? 0 : await leftovers.DropTopicsAsync(found, before, TestContext.Current.CancellationToken);
    }

    private static Task<IReadOnlyList<T>> ReadAsync<T>(HubHost hub, string sql) =>
        hub.Db.ReadAsync(s => s.QueryAsync<T>(sql), TestContext.Current.CancellationToken);

    public sealed class OnSqlite() : LeftoverTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : LeftoverTests(server);
}
