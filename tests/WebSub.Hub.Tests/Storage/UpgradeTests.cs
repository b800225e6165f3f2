using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>From the first schema to the newest, with rows.</summary>
public abstract class UpgradeTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Prefix = "websub_hub_";
    private const string Topic = "https://publisher.example/feed";

    [Fact]
    public async Task Migrations_EachOne_KeepsRowsAndTheVersionBefore()
    {
        await using var database = Open();
        var rehearsal = new UpgradeRehearsal(database, typeof(HubOptions).Assembly, Prefix);

        var faults = await rehearsal.RunAsync();

        // That was before the first release. Nothing may be added here.
        Assert.Equal(["0005_fetches: websub_hub_topics.last_modified is gone or of another type"], faults);
    }

    [Fact]
    public async Task Hub_OnADatabaseOfTheFirstVersion_DeliversWhatWasOwedAndWhatComes()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using (var database = Open())
        {
            await new UpgradeRehearsal(database, typeof(HubOptions).Assembly, Prefix).ApplyThroughAsync("0001_initial");
            await database.WriteAsync(s => s.ExecuteAsync(FirstVersion(s, subscriber)), default);
        }

        await using var hub = await StartHubAsync();
        var owed = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync("select count(*) from {subscriptions} where callback like '%/asked'");
        await hub.PublishAsync(Topic, "new");
        var news = new[] { await hub.NextDeliveryAsync(subscriber), await hub.NextDeliveryAsync(subscriber) };

        Assert.Equal(("/behind", "old"), (owed.Target, owed.Text));
        Assert.Equal(["/asked new", "/behind new"], news.Select(n => $"{n.Target} {n.Text}").Order());
    }

    private static string FirstVersion(DbSession session, FakeSubscriber subscriber)
    {
        var now = DatabaseTime.Now(TimeProvider.System).Microseconds;
        var day = 86_400_000_000;
        string Bytes(string hex) => session.Pick($"x'{hex}'", $@"'\x{hex}'");
        return $$"""
            insert into {topics} (id, url, registered, head, created_at) values (1, '{{Topic}}', 1, 1, {{now}});
            insert into {contents} (content_type, body, size, hash) values ('text/plain', {{Bytes("6f6c64")}}, 3, {{Bytes("00")}});
            insert into {entries} (topic_id, sequence, content_id, source, published_at) values (1, 1, 1, 'Push', {{now}});
            insert into {lanes} (topic_id, number, size, cursor) values (1, 0, 1, 1);
            insert into {subscriptions} (topic_id, lane_id, callback, callback_host, lease_seconds, lease_end, created_at, verified_at,
              position, due)
              values (1, 1, '{{subscriber.Callback("behind")}}', '127.0.0.1', 864000, {{now + day}}, {{now}}, {{now}}, 0, {{now}});
            insert into {requests} (pair, mode, topic, callback, lease_seconds, due, created_at)
              values ({{Bytes("01")}}, 'subscribe', '{{Topic}}', '{{subscriber.Callback("asked")}}', 864000, {{now}}, {{now}});
            """;
    }

    private Database Open() => Database.Create(new() { ConnectionString = ConnectionString, TablePrefix = Prefix });

    public sealed class OnSqlite() : UpgradeTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : UpgradeTests(server);
}
