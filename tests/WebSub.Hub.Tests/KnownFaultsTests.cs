using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests;

/// <summary>Faults that other hubs are known for, one test each.</summary>
public abstract class KnownFaultsTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";

    // Not a round number of anything.
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56).AddTicks(12_345_670));

    [Fact]
    public async Task HundredConcurrentSubscribes_ToOneTopic_AreHundredSubscriptions()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => hub.SubscribeAsync(Topic, subscriber.Callback($"{i}."))));

        var stored = await hub.Db.ReadAsync(
            async s =>
                (
                    await s.ScalarAsync<long>("select count(*) from {subscriptions}"),
                    await s.ScalarAsync<long>("select sum(size) from {lanes}")
                ),
            default
        );
        Assert.Equal((100, 100), stored);
    }

    [Fact]
    public async Task UpdateInTheSameSecond_AsTheDeliveryBefore_IsDelivered()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, time: _clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.UntilAsync(HubHost.AllSettled);

        // The clock is stopped, so it is the very same moment.
        await hub.PublishAsync(Topic, "first");
        var first = await hub.NextDeliveryAsync(subscriber);
        await hub.PublishAsync(Topic, "second");
        var second = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(["first", "second"], [first.Text, second.Text]);
    }

    [Fact]
    public async Task Delivered_IsNotDeliveredAgainAndAgain_WhateverTheClockShows()
    {
        using var looked = new SemaphoreSlim(0);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using (var hub = await HubHost.StartAsync(ConnectionString, o => o.Lease.MinSeconds = 864_000, _clock))
        {
            await hub.SubscribeAsync(Topic, subscriber.Callback());
            await hub.PublishAsync(Topic, "once");
            await hub.NextDeliveryAsync(subscriber);
            // An answer that is still on its way when the clock jumps would be a time-out.
            await _clock.AdvanceUntilAsync(hub.UntilAsync("select count(*) from {lanes} where cursor >= 1"), TimeSpan.FromMilliseconds(10));
            hub.Db.Watch = _ => looked.Release();
            for (var i = 0; i < 50; i++)
            {
                while (await looked.WaitAsync(0, default))
                {
                    // What was looked at before the jump.
                }

                await _clock.AdvanceUntilAsync(looked.WaitAsync(), TimeSpan.FromTicks(333_333_333));
            }

            hub.Db.Watch = null;
        }

        await using var again = await HubHost.StartAsync(ConnectionString, time: _clock);
        _clock.Advance(TimeSpan.FromSeconds(59.9999999));
        await again.PublishAsync(Topic, "and once");
        await again.NextDeliveryAsync(subscriber);

        Assert.Equal(["once", "and once"], subscriber.Deliveries.Select(d => d.Text));
    }

    [Fact]
    [Trait("Ref", "BH-9")]
    public async Task Retry_SendsTheWholeBodyAgain_WithTheSameSignature()
    {
        var body = new string('x', 300_000) + "end";
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.Zero, TimeSpan.Zero]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(subscriber.Deliveries.Count < 3 ? 503 : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback(), "s");

        await hub.PublishAsync(Topic, body);
        FakeReceivedDelivery[] tries =
        [
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
        ];

        Assert.All(tries, t => Assert.Equal((body, SignatureVerdict.Valid), (t.Text, t.Verify("s"))));
    }

    [Theory]
    [Trait("Req", "H19")]
    [Trait("Req", "H21")]
    [Trait("Ref", "AS-14")]
    [InlineData(null, "864000")]
    [InlineData(0L, "300")]
    [InlineData(-5L, "300")]
    [InlineData(1000L, "1000")]
    [InlineData(long.MaxValue, "2592000")]
    public async Task LeaseInTheVerification_IsNeverZero_ButWhatIsGranted(long? asked, string told)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();

        await hub.SubscribeAsync(Topic, subscriber.Callback(), lease: asked);

        var granted = await hub.Db.ReadAsync(s => s.ScalarAsync<long>("select lease_end - verified_at from {subscriptions}"), default);
        Assert.Equal(told, Assert.Single(subscriber.Verifications).LeaseSeconds);
        Assert.Equal(told, $"{granted / 1_000_000}");
    }

    [Fact]
    [Trait("Req", "H2")]
    public async Task Secret_IsInNoVerificationRequest()
    {
        const string Secret = "quite-a-secret";
        await using var hub = await HubHost.StartAsync(ConnectionString, services: s => s.AddSingleton<IWebSubValidator, DenySome>());
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("subscribed"), Secret);
        using var denied = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback("denied"), Secret);
        using var left = await hub.RequestAsync(HubModes.Unsubscribe, Topic, subscriber.Callback("subscribed"), Secret);

        FakeVerification[] asked =
        [
            await subscriber.NextVerificationAsync(),
            await subscriber.NextVerificationAsync(),
            await subscriber.NextVerificationAsync(),
        ];

        Assert.Equal([HubModes.Denied, HubModes.Subscribe, HubModes.Unsubscribe], asked.Select(a => a.Mode).Order(StringComparer.Ordinal));
        Assert.All(asked, a => Assert.DoesNotContain(Secret, a.Target, StringComparison.Ordinal));
        Assert.All(asked, a => Assert.DoesNotContain("hub.secret", a.Target, StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Req", "H27")]
    [InlineData("https://publisher.example/feed?a=%7E&b=,;")]
    [InlineData("orders, \"<2026>\" für alle")]
    public async Task Link_OfEveryDelivery_HasAngleBrackets_WhateverTheTopic(string topic)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        using var registered = await hub.PostAsync(new HubFields().Add(HubParameters.Mode, "register").Add(HubParameters.Topic, topic));
        await hub.SubscribeAsync(topic, subscriber.Callback());

        await hub.PublishAsync(topic, "x");
        var link = (await hub.NextDeliveryAsync(subscriber)).Headers["Link"];

        Assert.Matches(new Regex("""^<[^<> "]+>; rel="self", <[^<> "]+>; rel="hub"$""", RegexOptions.None, TimeSpan.FromSeconds(1)), link);
    }

    [Fact]
    public async Task Claims_OfAProcessThatCrashed_EndWithinAMinute_NotAnHour()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using (var before = await HubHost.StartAsync(ConnectionString, time: _clock))
        {
            await before.SubscribeAsync(Topic, subscriber.Callback("a"));
        }

        await using (var crashed = Database.Create(new() { ConnectionString = ConnectionString, TablePrefix = "websub_hub_" }))
        {
            // All that a process can hold, as long as it ever holds it without renewing.
            var now = DatabaseTime.Now(_clock);
            await crashed.WriteAsync(
                async s =>
                {
                    await s.ExecuteAsync(
                        "update {lanes} set claimed_by = 'crashed', claimed_until = @until, epoch = epoch + 1",
                        new { until = now + TimeSpan.FromSeconds(30) }
                    );
                    await s.ExecuteAsync(
                        "update {subscriptions} set claimed_by = 'crashed', due = @until, epoch = epoch + 1",
                        new { until = now + TimeSpan.FromSeconds(15) }
                    );
                    await RequestStore.AddAsync(
                        s,
                        new()
                        {
                            Mode = HubModes.Subscribe,
                            Topic = Topic,
                            Callback = subscriber.Callback("b"),
                            LeaseSeconds = 864_000,
                        },
                        now
                    );
                    await s.ExecuteAsync(
                        "update {requests} set claimed_by = 'crashed', due = @until, epoch = epoch + 1",
                        new { until = now + TimeSpan.FromSeconds(15) }
                    );
                },
                default
            );
        }

        await using var hub = await HubHost.StartAsync(ConnectionString, time: _clock);
        var started = _clock.GetUtcNow();
        var verified = hub.ChangedAsync(WebSubHubChangeKind.Subscribed, subscriber.Callback("b"));
        await hub.PublishAsync(Topic, "x");
        var delivered = hub.NextDeliveryAsync(subscriber);
        await _clock.AdvanceUntilAsync(Task.WhenAll(delivered, verified), TimeSpan.FromMilliseconds(500));

        Assert.Equal("x", (await delivered).Text);
        Assert.InRange(_clock.GetUtcNow() - started, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    [Trait("Req", "H30")]
    public async Task Subscription_WhoseDeliveriesKeepFailing_IsNeverStale()
    {
        const int Failing = 30;
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Text == "at last" ? 200 : 500);
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        for (var i = 0; i < Failing; i++)
        {
            await hub.PublishAsync(Topic, $"{i}");
            await hub.NextDeliveryAsync(subscriber);
        }

        await hub.PublishAsync(Topic, "at last");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal("at last", delivery.Text);
    }

    [Theory]
    [Trait("Req", "H28")]
    [Trait("Ref", "BH-8")]
    [InlineData(301)]
    [InlineData(304)]
    [InlineData(307)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task AnswerThatIsNot2xx_IsNotADelivery(int status)
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.Zero]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(subscriber.Deliveries.Count == 1 ? status : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        await hub.PublishAsync(Topic, "x");
        string?[] ids = [(await hub.NextDeliveryAsync(subscriber)).DeliveryId, (await hub.NextDeliveryAsync(subscriber)).DeliveryId];

        Assert.Equal(ids[0], ids[1]);
    }

    [Fact]
    [Trait("Req", "H7")]
    [Trait("Ref", "AS-15")]
    [Trait("Ref", "AS-18")]
    public async Task Renewal_WithANewSecret_SignsWithThatOne_AndExtendsTheLease()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback(), "old", lease: 1000);
        var end = await LeaseEndAsync();

        await hub.SubscribeAsync(Topic, subscriber.Callback(), "new", lease: 2000);
        await hub.PublishAsync(Topic, "signed");
        var second = await hub.NextDeliveryAsync(subscriber);
        await hub.SubscribeAsync(Topic, subscriber.Callback(), secret: null, lease: 2000);
        await hub.PublishAsync(Topic, "unsigned");
        var third = await hub.NextDeliveryAsync(subscriber);
        while (third.Text == "signed" || third.Headers.ContainsKey(HubHeaders.Signature))
            third = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(SignatureVerdict.Valid, second.Verify("new"));
        Assert.Equal("unsigned", third.Text);
        Assert.InRange(await LeaseEndAsync() - end, 999_000_000, 1_100_000_000);

        Task<long> LeaseEndAsync() => hub.Db.ReadAsync(s => s.ScalarAsync<long>("select lease_end from {subscriptions}"), default);
    }

    private sealed class DenySome : IWebSubValidator
    {
        public ValueTask<WebSubValidation> ValidateAsync(WebSubValidationRequest request, CancellationToken cancellationToken) =>
            new(request.Callback.EndsWith("/denied", StringComparison.Ordinal) ? WebSubValidation.Deny() : WebSubValidation.Accept);
    }

    public sealed class OnSqlite() : KnownFaultsTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : KnownFaultsTests(server);
}
