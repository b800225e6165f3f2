using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.History;

public abstract class HistoryTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";

    [Fact]
    public async Task Prune_KeepsTheNewestEntries_AndNoContentWithoutOne()
    {
        await using var hub = await StartHubAsync(o => o.History.Entries = 5);
        for (var i = 1; i <= 20; i++)
            await hub.PublishAsync(Topic, $"{i}");

        await PruneAsync(hub, before: 0);

        var entries = await ReadAsync<long>(hub, "select sequence from {entries} order by sequence");
        var contents = await ReadAsync<long>(hub, "select count(*) from {contents}");
        Assert.Equal(Enumerable.Range(16, 5).Select(i => (long)i), entries);
        Assert.Equal([5L], contents);
    }

    [Fact]
    public async Task Prune_ByAge_NeverTakesTheNewest()
    {
        await using var hub = await StartHubAsync();
        for (var i = 1; i <= 3; i++)
            await hub.PublishAsync(Topic, $"{i}");

        await PruneAsync(hub, before: long.MaxValue);

        var entries = await ReadAsync<long>(hub, "select sequence from {entries}");
        Assert.Equal([3L], entries);
    }

    [Fact]
    public async Task Prune_SparesWhatSomebodyBehindNeeds_UpToTheBacklog()
    {
        await using var hub = await StartHubAsync(o =>
        {
            o.History.Entries = 2;
            o.History.MaxBacklog = 10;
            o.Delivery.RetryDelays = [TimeSpan.FromSeconds(1000)];
        });
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(503);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "1");
        await subscriber.NextDeliveryAsync();
        await BehindAsync(hub);

        for (var i = 2; i <= 8; i++)
            await hub.PublishAsync(Topic, $"{i}");
        await PruneAsync(hub, before: 0);
        var spared = await ReadAsync<long>(hub, "select min(sequence) from {entries}");
        for (var i = 9; i <= 20; i++)
            await hub.PublishAsync(Topic, $"{i}");
        await PruneAsync(hub, before: 0);

        var kept = await ReadAsync<long>(hub, "select min(sequence) from {entries}");
        var position = await ReadAsync<long>(hub, "select position from {subscriptions}");
        var lost = await ReadAsync<long>(
            hub,
            "select first_sequence from {dead_letters} union all select last_sequence from {dead_letters} order by 1"
        );
        Assert.Equal([1L], spared);
        Assert.Equal([11L], kept);
        Assert.Equal([10L], position);
        Assert.Equal([1L, 10L], lost);
    }

    private static Task BehindAsync(HubHost hub) =>
        hub.UntilAsync("select count(*) from {subscriptions} where position is not null and claimed_by is null and attempts > 0");

    private static async Task PruneAsync(HubHost hub, long before)
    {
        var topicId = (await ReadAsync<long>(hub, "select id from {topics}"))[0];
        var options = hub.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HubOptions>>().Value.History;
        await hub.Services.GetRequiredService<HistoryStore>().PruneAsync(new(topicId), options, new(before), now: new(1), default);
    }

    private static Task<IReadOnlyList<T>> ReadAsync<T>(HubHost hub, string sql) =>
        hub.Services.GetRequiredService<HubDatabase>().Db.ReadAsync(s => s.QueryAsync<T>(sql), default);

    public sealed class OnSqlite() : HistoryTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : HistoryTests(server);
}
