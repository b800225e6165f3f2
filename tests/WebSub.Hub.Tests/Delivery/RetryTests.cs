using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Tests.Diagnostics;
using WebSub.Signatures;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Delivery;

/// <summary>When a failed delivery is tried again, and what counts as one that did not fail.</summary>
public abstract class RetryTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";

    [Theory]
    [Trait("Req", "H29")]
    [InlineData(429)]
    [InlineData(503)]
    public async Task RetryAfter_OfACallbackThatAsksForAPause_IsKept_AlsoWhenAnotherUpdateComes(int status)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.DeliveryAnswerHeaders["Retry-After"] = "1000";
        subscriber.OnDelivery = d => Task.FromResult(d.Target == "/busy" ? status : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback("busy"));
        await hub.SubscribeAsync(Topic, subscriber.Callback("idle"));

        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync($"select count(*) from {{subscriptions}} where last_status = {status} and claimed_by is null");
        await hub.PublishAsync(Topic, "second");
        await hub.UntilAsync("select count(*) from {lanes} where cursor = 2");

        var (pause, attempts, off) = await hub.Db.ReadAsync(
            async s =>
                (
                    await s.ScalarAsync<long>("select due - last_attempt_at from {subscriptions} where position is not null"),
                    await s.ScalarAsync<long>("select attempts from {subscriptions} where position is not null"),
                    await s.ScalarAsync<long>("select due - not_before from {subscriptions} where position is not null")
                ),
            default
        );
        Assert.InRange(pause, 990_000_000, 1_000_000_000);
        Assert.Equal((0, 0), (attempts, off / 1_000_000));
        Assert.Single(subscriber.Deliveries, d => d.Target == "/busy");
    }

    [Fact]
    [Trait("Req", "H30")]
    public async Task NextUpdate_CausesATryWithinAMinute_HoweverLongTheScheduleWaits()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o =>
            {
                o.Delivery.RetryDelays = [TimeSpan.FromSeconds(10800), TimeSpan.FromSeconds(10800)];
                o.Delivery.Timeout = o.Delivery.Straggler = TimeSpan.FromDays(1);
            },
            clock
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(subscriber.Deliveries.Count == 1 ? 500 : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.NextDeliveryAsync(subscriber);
        await clock.AdvanceUntilAsync(
            hub.UntilAsync("select count(*) from {subscriptions} where attempts = 1 and claimed_by is null"),
            TimeSpan.FromMilliseconds(100)
        );

        var published = clock.GetUtcNow();
        await hub.PublishAsync(Topic, "second");
        var again = hub.NextDeliveryAsync(subscriber);
        await clock.AdvanceUntilAsync(again, TimeSpan.FromSeconds(1), moment: TimeSpan.FromMilliseconds(20));

        Assert.Equal("first", (await again).Text);
        Assert.InRange(clock.GetUtcNow() - published, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    [Fact]
    [Trait("Req", "H29")]
    public async Task Outage_Of50Seconds_LosesNothing_AndKeepsTheOrder()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => o.Delivery.Timeout = o.Delivery.Straggler = TimeSpan.FromDays(1),
            clock
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        var end = clock.GetUtcNow() + TimeSpan.FromSeconds(50);
        var last = new TaskCompletionSource();
        subscriber.OnDelivery = d =>
        {
            if (clock.GetUtcNow() < end)
                return Task.FromResult(502);
            if (d.Text == "4")
                last.TrySetResult();
            return Task.FromResult(200);
        };
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        foreach (var text in (string[])["1", "2", "3", "4"])
            await hub.PublishAsync(Topic, text);
        await clock.AdvanceUntilAsync(last.Task, TimeSpan.FromMilliseconds(500));

        var texts = subscriber.Deliveries.Select(d => d.Text).ToList();
        Assert.Equal(["1", "2", "3", "4"], texts[texts.LastIndexOf("1")..]);
        Assert.All(texts[..texts.LastIndexOf("1")], t => Assert.Equal("1", t));
        Assert.True(texts.Count > 6, string.Join(' ', texts));
        Assert.Equal(0, await hub.Db.ReadAsync(s => s.ScalarAsync<long>("select count(*) from {dead_letters}"), default));
    }

    [Fact]
    [Trait("Req", "H29")]
    public async Task Update_ThatIsGivenUp_IsAWarning_WithAllThatIsKnown()
    {
        var log = new LogList();
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => o.Delivery.RetryDelays = [TimeSpan.Zero, TimeSpan.Zero],
            services: s => s.AddSingleton<ILoggerProvider>(log)
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(502);
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        var givenUp = hub.ChangedAsync(WebSubHubChangeKind.UpdateGivenUp, subscriber.Callback());
        await hub.PublishAsync(Topic, "never taken");
        await givenUp;

        Assert.Contains(
            log.Lines,
            l =>
                l.Level == LogLevel.Warning
                && l.Text.Contains(
                    $"Gave up delivering entry 1 of {Topic} to {subscriber.Callback()} after 3 attempts; "
                        + "the last one: The callback answered 502.",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    [Trait("Req", "H7")]
    public async Task Answer_ToWhatWasSignedWithASecretThatChangedMeanwhile_DoesNotCount()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.Straggler = TimeSpan.FromMilliseconds(50));
        await using var subscriber = await FakeSubscriber.StartAsync();
        var held = new TaskCompletionSource<int>();
        subscriber.OnDelivery = _ => subscriber.Deliveries.Count == 1 ? held.Task : Task.FromResult(200);
        await hub.SubscribeAsync(Topic, subscriber.Callback(), "old");
        await hub.PublishAsync(Topic, "update");
        var first = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync("select count(*) from {subscriptions} where position is not null and claimed_by is not null");

        await hub.SubscribeAsync(Topic, subscriber.Callback(), "new");
        held.SetResult(200);
        var second = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(first.DeliveryId, second.DeliveryId);
        Assert.Equal((SignatureVerdict.Valid, SignatureVerdict.Valid), (first.Verify("old"), second.Verify("new")));
    }

    public sealed class OnSqlite() : RetryTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : RetryTests(server);
}
