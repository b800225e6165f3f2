using System.Text;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Predicates;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Predicates;
using WebSub.Secrets;
using WebSub.Signatures;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Predicates;

public abstract class MessageDeliveryTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    [Fact]
    [Trait("Req", "H27")]
    public async Task Message_CoveredByAPattern_ArrivesSignedAndNamesItself()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await ActivateAsync(hub, "un.cefact.*", subscriber.Callback("a"), "s3cret");
        await ActivateAsync(hub, "songs.old", subscriber.Callback("b"));

        await AppendAsync(hub, "UN.CEFACT.Trade.CO", "first");
        await AppendAsync(hub, "songs.old.track.created", "second");
        FakeReceivedDelivery[] deliveries = [await hub.NextDeliveryAsync(subscriber), await hub.NextDeliveryAsync(subscriber)];

        var signed = Assert.Single(deliveries, d => d.Target == "/a");
        Assert.Equal("\"first\"", signed.Text);
        Assert.Equal("application/json", signed.ContentType);
        Assert.Equal(SignatureVerdict.Valid, signed.Verify("s3cret"));
        Assert.Equal($"<{hub.Url[..^3]}messages/first>; rel=\"self\", <{hub.Url[..^3]}subscriptions>; rel=\"hub\"", signed.Headers["Link"]);
        Assert.NotEmpty(signed.DeliveryId!);
        Assert.Equal("\"second\"", Assert.Single(deliveries, d => d.Target == "/b").Text);
    }

    [Fact]
    [Trait("Ref", "IG-9")]
    public async Task Message_CoveredAtSeveralLevels_ArrivesOnceWithTheSecretOfTheMostSpecial()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await ActivateAsync(hub, "*", subscriber.Callback(), "everything");
        await ActivateAsync(hub, "aa.bb.cc", subscriber.Callback(), "special");
        await ActivateAsync(hub, "aa", subscriber.Callback(), "general");

        await AppendAsync(hub, "aa.bb.cc.dd", "deep");
        await AppendAsync(hub, "aa.bb", "shallow");
        await AppendAsync(hub, "zz", "other");
        FakeReceivedDelivery[] deliveries =
        [
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
        ];

        Assert.Equal(["\"deep\"", "\"shallow\"", "\"other\""], deliveries.Select(d => d.Text));
        Assert.Equal(
            [true, true, true],
            [
                deliveries[0].Verify("special") == SignatureVerdict.Valid,
                deliveries[1].Verify("general") == SignatureVerdict.Valid,
                deliveries[2].Verify("everything") == SignatureVerdict.Valid,
            ]
        );
        Assert.Equal(3, subscriber.Deliveries.Count);
    }

    [Fact]
    public async Task Message_WithSeveralPredicates_ArrivesOnce()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await ActivateAsync(hub, "message.1.status", subscriber.Callback());
        await ActivateAsync(hub, "message.status.change", subscriber.Callback());

        await AppendAsync(hub, ["message.1.status", "message.status.change.1"], "both");
        await AppendAsync(hub, "message.1.status", "sentinel");
        string[] texts = [(await hub.NextDeliveryAsync(subscriber)).Text, (await hub.NextDeliveryAsync(subscriber)).Text];

        Assert.Equal(["\"both\"", "\"sentinel\""], texts);
    }

    [Fact]
    public async Task Pattern_AddedWhileMessagesFlow_GetsTheVeryNextOne()
    {
        const int Patterns = 60;
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await ActivateAsync(hub, "noise", subscriber.Callback());
        await ActivateAsync(hub, "noise", subscriber.Callback("neighbour"));
        using var stop = new CancellationTokenSource();
        var noise = Task.Run(
            async () =>
            {
                for (var i = 0; !stop.IsCancellationRequested; i++)
                    await AppendAsync(hub, "noise", $"noise{i}");
            },
            TestContext.Current.CancellationToken
        );

        for (var i = 0; i < Patterns; i++)
        {
            await ActivateAsync(hub, $"signal.{i}", subscriber.Callback());
            await AppendAsync(hub, $"signal.{i}.x", $"signal{i}");
        }

        await stop.CancelAsync();
        await noise;
        var signals = new List<string>();
        while (signals.Count < Patterns)
        {
            if ((await hub.NextDeliveryAsync(subscriber)).Text is { } text && text.StartsWith("\"signal", StringComparison.Ordinal))
                signals.Add(text);
        }

        Assert.Equal(Enumerable.Range(0, Patterns).Select(i => $"\"signal{i}\""), signals);
    }

    [Fact]
    public async Task Pattern_AddedLater_GetsNothingOlder()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var blocked = new TaskCompletionSource();
        subscriber.OnDelivery = async d =>
        {
            if (d.Text == "\"first\"")
                await blocked.Task;
            return 200;
        };
        await ActivateAsync(hub, "aa", subscriber.Callback());
        await ActivateAsync(hub, "bb", subscriber.Callback("neighbour"));

        await AppendAsync(hub, "aa", "first");
        Assert.Equal("\"first\"", (await hub.NextDeliveryAsync(subscriber)).Text);
        await AppendAsync(hub, "bb", "before");
        await ActivateAsync(hub, "bb", subscriber.Callback());
        await AppendAsync(hub, "bb", "after");
        blocked.SetResult();
        FakeReceivedDelivery[] deliveries =
        [
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
        ];

        Assert.Equal(["\"after\""], deliveries.Where(d => d.Target == "/callback").Select(d => d.Text));
        Assert.Equal(["\"before\"", "\"after\""], deliveries.Where(d => d.Target == "/neighbour").Select(d => d.Text));
    }

    [Fact]
    [Trait("Ref", "IG-12")]
    public async Task Callback_ThatFails_CatchesUpWithWhatConcernsItOnly()
    {
        await using var hub = await StartHubAsync(o =>
            o.Delivery.RetryDelays = [
                TimeSpan.Zero,
                TimeSpan.Zero,
                TimeSpan.FromSeconds(1),
                TimeSpan.FromSeconds(1),
                TimeSpan.FromSeconds(1),
                TimeSpan.FromSeconds(1),
                TimeSpan.FromSeconds(1),
                TimeSpan.FromSeconds(1),
            ]
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        var isDown = true;
        subscriber.OnDelivery = d => Task.FromResult(d.Target == "/down" && isDown ? 503 : 200);
        await ActivateAsync(hub, "aa", subscriber.Callback("down"));
        await ActivateAsync(hub, "*", subscriber.Callback("up"));

        await AppendAsync(hub, "aa", "0");
        while ((await hub.NextDeliveryAsync(subscriber)).Target != "/down")
        {
            // Until it has failed.
        }

        for (var i = 1; i <= 30; i++)
            await AppendAsync(hub, i % 3 == 0 ? "aa.x" : "bb", $"{i}");
        isDown = false;
        await AppendAsync(hub, "aa", "last");
        while (await hub.NextDeliveryAsync(subscriber) is not { Target: "/down", Text: "\"last\"" })
        {
            // Until it has caught up.
        }

        var got = subscriber.Deliveries.Where(d => d.Target == "/down").Select(d => d.Text).Distinct();
        Assert.Equal(["\"0\"", .. Enumerable.Range(1, 10).Select(i => $"\"{i * 3}\""), "\"last\""], got);
    }

    [Fact]
    [Trait("Ref", "IG-8")]
    public async Task Pattern_WhoseLeaseHasEnded_GetsNothingAndIsSweptWithItsMember()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await ActivateAsync(hub, "aa", subscriber.Callback("ended"), lease: TimeSpan.Zero);
        await ActivateAsync(hub, "aa", subscriber.Callback("running"));

        await AppendAsync(hub, "aa", "update");
        var delivery = await hub.NextDeliveryAsync(subscriber);
        var swept = await hub.Services.GetRequiredService<PatternStore>().SweepExpiredAsync(Now, 100, default);
        await AppendAsync(hub, "aa", "another");
        var next = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(("/running", "/running"), (delivery.Target, next.Target));
        Assert.InRange(swept.Count, 0, 1);
        Assert.Equal(
            ["aa " + subscriber.Callback("running")],
            await QueryAsync(hub, "select lower(replace(pattern, '.', '')) || ' ' || callback from {patterns}")
        );
        Assert.Equal([subscriber.Callback("running")], await QueryAsync(hub, "select callback from {subscriptions}"));
    }

    [Fact]
    public async Task Pattern_Ended_LeavesTheOthersOfItsCallback()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await ActivateAsync(hub, "aa", subscriber.Callback());
        await ActivateAsync(hub, "bb", subscriber.Callback());

        await DeactivateAsync(hub, "aa", subscriber.Callback());
        await AppendAsync(hub, "aa", "ended");
        await AppendAsync(hub, "bb", "running");
        var delivery = await hub.NextDeliveryAsync(subscriber);
        await DeactivateAsync(hub, "bb", subscriber.Callback());

        Assert.Equal("\"running\"", delivery.Text);
        Assert.Equal(["0"], await QueryAsync(hub, "select cast(count(*) as text) from {subscriptions}"));
    }

    [Fact]
    public async Task Callback_ThatAnswers410_LosesAllItsPatterns()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Target == "/gone" ? 410 : 200);
        await ActivateAsync(hub, "aa", subscriber.Callback("gone"));
        await ActivateAsync(hub, "bb", subscriber.Callback("gone"));
        await ActivateAsync(hub, "aa", subscriber.Callback("here"));

        await AppendAsync(hub, "aa", "1");
        FakeReceivedDelivery[] first = [await hub.NextDeliveryAsync(subscriber), await hub.NextDeliveryAsync(subscriber)];
        await AppendAsync(hub, "aa", "2");
        await AppendAsync(hub, ["aa", "bb"], "3");
        FakeReceivedDelivery[] then = [await hub.NextDeliveryAsync(subscriber), await hub.NextDeliveryAsync(subscriber)];

        Assert.Equal(2, first.Select(d => d.Target).Distinct().Count());
        // The end is saved with its lane, a moment after the answer.
        for (var i = 0; i < 100 && (await QueryAsync(hub, "select callback from {patterns}")).Count > 1; i++)
        {
            await AppendAsync(hub, "aa", "more");
            await hub.NextDeliveryAsync(subscriber);
        }

        Assert.Equal([("/here", "\"2\""), ("/here", "\"3\"")], then.Select(d => (d.Target, d.Text)));
        Assert.Equal([subscriber.Callback("here")], await QueryAsync(hub, "select callback from {patterns}"));
    }

    [Fact]
    public async Task Message_ForMoreCallbacksThanOneTopicHas_IsStoredOnceAndReachesAll()
    {
        const int Callbacks = 600;
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        for (var i = 0; i < Callbacks; i++)
            await ActivateAsync(hub, "aa", subscriber.Callback($"c{i}"));

        await AppendAsync(hub, "aa", "one");
        await AppendAsync(hub, "aa", "two");
        for (var i = 0; i < Callbacks * 2; i++)
            await hub.NextDeliveryAsync(subscriber);

        Assert.All(subscriber.Deliveries.GroupBy(d => d.Target), g => Assert.Equal(["\"one\"", "\"two\""], g.Select(d => d.Text)));
        Assert.Equal(["2 6"], await QueryAsync(hub, "select (select count(*) from {contents}) || ' ' || (select count(*) from {entries})"));
    }

    [Fact]
    public async Task Prune_OfOneTopic_SparesContentThatAnotherStillHas()
    {
        const int Callbacks = 260;
        await using var hub = await StartHubAsync();
        for (var i = 0; i < Callbacks; i++)
            await ActivateAsync(hub, i < 250 ? "aa" : "aa.bb", $"http://127.0.0.1:9/c{i}");
        await AppendAsync(hub, "aa.bb", "both");
        await AppendAsync(hub, "aa", "one");
        var topic = long.Parse(
            (await QueryAsync(hub, "select cast(topic_id as text) from {entries} group by topic_id having count(*) = 2"))[0],
            System.Globalization.CultureInfo.InvariantCulture
        );

        await hub
            .Services.GetRequiredService<HistoryStore>()
            .PruneAsync(new(topic), new() { Entries = 1, MaxBacklog = 1 }, before: Now, now: Now, default);

        Assert.Equal(["2"], await QueryAsync(hub, "select cast(count(*) as text) from {entries}"));
        Assert.Equal(["2"], await QueryAsync(hub, "select cast(count(*) as text) from {contents}"));
    }

    private static DatabaseTime Now => DatabaseTime.Now(TimeProvider.System);

    private static async Task ActivateAsync(HubHost hub, string topic, string callback, string? secret = null, TimeSpan? lease = null)
    {
        Assert.True(PredicateTopic.TryParse(topic, out var parsed, out _));
        var box = hub.Services.GetRequiredService<SecretBox>();
        var request = new RequestRow
        {
            Topic = topic,
            Pattern = parsed.Key,
            Callback = callback,
            LeaseSeconds = 3600,
            Secret = box.Seal(secret is null ? null : WebSub.Values.Secret.Parse(secret), parsed.Key, callback),
        };
        var end = Now + (lease ?? TimeSpan.FromHours(1));
        var topicId = await hub
            .Services.GetRequiredService<HubDatabase>()
            .Db.WriteAsync(s => PatternStore.ActivateAsync(s, request, Now, end, Now), default);
        hub.Services.GetRequiredService<LaneMembership>().Changed(topicId);
        hub.Services.GetRequiredService<BehindSignal>().Raise();
    }

    private static async Task DeactivateAsync(HubHost hub, string topic, string callback)
    {
        Assert.True(PredicateTopic.TryParse(topic, out var parsed, out _));
        var topicId = await hub
            .Services.GetRequiredService<HubDatabase>()
            .Db.WriteAsync(s => PatternStore.DeactivateAsync(s, parsed.Key, callback, Now), default);
        hub.Services.GetRequiredService<LaneMembership>().Changed(Assert.NotNull(topicId));
    }

    private static Task AppendAsync(HubHost hub, string predicate, string text) => AppendAsync(hub, [predicate], text);

    private static Task AppendAsync(HubHost hub, string[] predicates, string text)
    {
        var keys = predicates
            .Select(p => Predicate.TryNormalize(p, out var key, out var error) ? key : throw new InvalidOperationException(error))
            .ToList();
        return hub
            .Services.GetRequiredService<MessageLog>()
            .AppendAsync(
                [new(keys, Encoding.UTF8.GetBytes($"\"{text}\""), text)],
                _ => Task.FromResult(true),
                TestContext.Current.CancellationToken
            );
    }

    private static Task<IReadOnlyList<string>> QueryAsync(HubHost hub, string sql) =>
        hub.Services.GetRequiredService<HubDatabase>().Db.ReadAsync(s => s.QueryAsync<string>(sql), default);

    public sealed class OnSqlite() : MessageDeliveryTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : MessageDeliveryTests(server);
}
