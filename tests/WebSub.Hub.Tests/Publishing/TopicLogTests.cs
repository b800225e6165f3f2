using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Publishing;

/// <summary>
/// What many publishers push at the same time: it shares transactions and statements, and each update is its own (rules 1, 2).
/// </summary>
public abstract class TopicLogTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const int Topics = 4;
    private const int OfEach = 25;

    [Fact]
    public async Task ManyAtOnce_AreNumberedWithoutGaps_AndDeliveredWithTheirOwnContent()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        foreach (var topic in Enumerable.Range(0, Topics))
            await hub.SubscribeAsync(Name(topic), subscriber.Callback($"{topic}"));
        var ids = await hub.Db.ReadAsync(
            session => session.ReadAsync("select url, id from {topics}", null, r => (r.GetString(0), Id: new TopicId(r.GetInt64(1)))),
            TestContext.Current.CancellationToken
        );
        var id = ids.ToDictionary(t => t.Item1, t => t.Id);
        var statements = new List<string>();
        hub.Db.Watch = s =>
        {
            lock (statements)
                statements.Add(s.TrimStart());
        };

        var log = hub.Services.GetRequiredService<TopicLog>();
        var updates = Enumerable
            .Range(0, Topics * OfEach)
            .Select(i => (Topic: i % Topics, Text: $"update {i}", Type: $"text/x-{i}"))
            .ToList();
        var sequences = await Task.WhenAll(updates.Select(u => AppendAsync(log, id[Name(u.Topic)], u.Text, u.Type)));
        var unknown = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => AppendAsync(log, new(1), "lost", "text/plain")));
        var delivered = new List<FakeReceivedDelivery>();
        while (delivered.Count < updates.Count)
            delivered.Add(await hub.NextDeliveryAsync(subscriber));

        foreach (var topic in updates.Zip(sequences).GroupBy(u => u.First.Topic))
        {
            Assert.Equal(Enumerable.Range(1, OfEach).Select(s => (long?)s), topic.Select(u => u.Second).Order());
            Assert.Equal(
                topic.OrderBy(u => u.Second).Select(u => (u.First.Text, u.First.Type)),
                delivered.Where(d => d.Target.EndsWith($"/{topic.Key}", StringComparison.Ordinal)).Select(d => (d.Text, d.ContentType!))
            );
        }

        Assert.Equal([null, null], unknown);
        // SQLite runs in this process, so it has nothing to wait for.
        var adding = hub.Db.Dialect == SqlDialect.PostgreSql ? OfEach : updates.Count;
        lock (statements)
            Assert.InRange(statements.Count(s => s.Contains("insert into {entries}", StringComparison.Ordinal)), 1, adding);
    }

    private static string Name(int topic) => $"https://publisher.example/{topic}";

    private static Task<long?> AppendAsync(TopicLog log, TopicId topic, string text, string type) =>
        log.AppendAsync(
            new(topic, type, System.Text.Encoding.UTF8.GetBytes(text), EntrySource.Push, DatabaseTime.Now(TimeProvider.System)),
            TestContext.Current.CancellationToken
        );

    public sealed class OnSqlite() : TopicLogTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : TopicLogTests(server);
}
