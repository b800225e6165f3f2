using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Health;

/// <summary>What the tables say about the hub as a whole.</summary>
public abstract class StateStoreTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    [Fact]
    public async Task State_OfAHubWithSubscribersBehind_CountsWhatTheyHaveYetToGet()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var healthy = await FakeSubscriber.StartAsync();
        await using var failing = await FakeSubscriber.StartAsync();
        failing.OnDelivery = _ => Task.FromResult(500);
        await hub.SubscribeAsync("https://a.example/", healthy.Callback());
        await hub.SubscribeAsync("https://a.example/", failing.Callback());
        await hub.SubscribeAsync("https://b.example/", failing.Callback());
        foreach (var (topic, text) in new[] { ("https://a.example/", "1"), ("https://a.example/", "2"), ("https://b.example/", "3") })
            await hub.PublishAsync(topic, text);
        for (var i = 0; i < 2; i++)
            await hub.NextDeliveryAsync(healthy);
        await hub.UntilAsync("select case when count(*) = 2 then 1 else 0 end from {subscriptions} where last_status = 500");
        await hub.UntilAsync(
            "select case when count(*) = 0 then 1 else 0 end from {lanes} l join {topics} t on t.id = l.topic_id where l.cursor < t.head"
        );

        var store = hub.Services.GetRequiredService<StateStore>();
        var state = await store.ReadAsync(DatabaseTime.Now(TimeProvider.System), TestContext.Current.CancellationToken);

        Assert.Equal(
            new HubState
            {
                Topics = 2,
                Subscriptions = 3,
                Behind = 2,
                LagSum = 3,
                LagMax = 2,
            },
            state with
            {
                OldestDue = TimeSpan.Zero,
            }
        );
    }

    public sealed class OnSqlite() : StateStoreTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : StateStoreTests(server);
}
