using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Diagnostics;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Delivery;

/// <summary>A run whose lane another has taken meanwhile (rule 6).</summary>
public abstract class LostClaimTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";

    [Fact]
    public async Task Claim_ThatIsLostWhileTheLaneRuns_IsCounted_AndTheEntryIsSentAgain()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.Straggler = TimeSpan.FromSeconds(10));
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.UntilAsync(HubHost.AllSettled);
        var lost = 0L;
        using var listener = Listen(hub, count => Interlocked.Add(ref lost, count));
        var held = new TaskCompletionSource<int>();
        subscriber.OnDelivery = _ => held.Task;
        await hub.PublishAsync(Topic, "first");
        var first = await hub.NextDeliveryAsync(subscriber);
        var before = Interlocked.Read(ref lost);
        var fenced = hub.LoggedAsync(1300);

        await hub.Db.WriteAsync(
            s => s.ExecuteAsync("update {lanes} set epoch = epoch + 1, claimed_by = null, claimed_until = null"),
            TestContext.Current.CancellationToken
        );
        held.SetResult(200);
        await fenced;
        var again = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal((0, 1), (before, Interlocked.Read(ref lost)));
        Assert.Equal(first.DeliveryId, again.DeliveryId);
    }

    private static MeterListener Listen(HubHost hub, Action<long> add)
    {
        var meter = hub.Services.GetRequiredService<HubMetrics>().Meter;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (ReferenceEquals(instrument.Meter, meter) && instrument.Name == "websub.hub.claims.lost")
                    l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => add(count));
        listener.Start();
        return listener;
    }

    public sealed class OnSqlite() : LostClaimTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : LostClaimTests(server);
}
