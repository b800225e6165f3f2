using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Tests.Predicates;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>The administration API: what an operator sees, and what becomes of what is asked for.</summary>
public abstract class AdministrationTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed?x=1";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_OfAWorkingHub_ShowWhatIsThere_WithoutSecretsAndQueriesOfCallbacks()
    {
        await using var hub = await StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("one?token=hidden"), secret: "unspeakable");
        await hub.PublishAsync(Topic, "first");
        await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync("select count(*) from {lanes} where cursor = 1");

        var topic = Assert.Single(await hub.ListAsync("topics"));
        var subscription = Assert.Single(await hub.ListAsync($"subscriptions?host=127.0.0.1&topic={Uri.EscapeDataString(Topic)}"));
        var lane = Assert.Single(await hub.ListAsync("lanes"));
        var node = Assert.Single(await hub.ListAsync("nodes"));

        Assert.Equal((Topic, 1L, 1L), ((string)topic["url"]!, (long)topic["head"]!, (long)topic["subscriptions"]!));
        Assert.StartsWith((string)topic["id"]!, subscriber.Deliveries[0].DeliveryId, StringComparison.Ordinal);
        Assert.Equal(subscriber.Callback("one"), (string)subscription["callback"]!);
        Assert.Equal(("active", true, 0L), ((string)subscription["state"]!, (bool)subscription["isSigned"]!, (long)subscription["lag"]!));
        Assert.DoesNotContain("unspeakable", subscription.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((1L, 1L, 1L), ((long)lane["size"]!, (long)lane["cursor"]!, (long)lane["head"]!));
        Assert.True((bool)node["isThis"]!);
        Assert.Empty(await hub.ListAsync("subscriptions?host=other.example"));
        Assert.Empty(await hub.ListAsync("subscriptions?state=paused"));
    }

    [Fact]
    public async Task Requests_SayWhyTheyWait()
    {
        await using var hub = await StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnVerification = _ => Task.FromResult<int?>(503);

        using (await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback("?token=hidden")))
            await hub.UntilAsync("select count(*) from {requests} where attempts > 0 and claimed_by is null");
        var request = Assert.Single(await hub.ListAsync("requests"));

        Assert.Equal(("subscribe", Topic), ((string)request["mode"]!, (string)request["topic"]!));
        Assert.Contains("503", (string)request["why"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", request.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "GET", "topics", 401)]
    [InlineData("wrong", "GET", "topics", 401)]
    [InlineData("publishing", "GET", "subscriptions", 403)]
    [InlineData("reading", "GET", "subscriptions", 200)]
    [InlineData("reading", "GET", "requests", 200)]
    [InlineData("reading", "GET", "dead-letters", 200)]
    [InlineData("reading", "GET", "lanes", 200)]
    [InlineData("reading", "GET", "origins", 200)]
    [InlineData("reading", "GET", "nodes", 200)]
    [InlineData("reading", "GET", "actions", 200)]
    [InlineData("administering", "GET", "topics", 403)]
    [InlineData(null, "POST", "origins/pause", 401)]
    [InlineData("reading", "POST", "origins/pause", 403)]
    [InlineData("reading", "POST", "subscriptions/1-1/revoke", 403)]
    [InlineData("administering", "POST", "origins/pause", 202)]
    [InlineData("administering", "DELETE", "subscriptions/1-1", 404)]
    public async Task Endpoint_ForAStranger_NeedsAKeyWithItsScope(string? key, string method, string path, int status)
    {
        await using var hub = await StartAsync();

        using var answer = await hub.AskAsync(
            new(method),
            path,
            path.StartsWith("origins/", StringComparison.Ordinal) ? new { origin = "https://a.example" } : null,
            key,
            isLocal: false
        );

        Assert.Equal(status, (int)answer.StatusCode);
        var logged = await hub.ListAsync("actions");
        Assert.Equal(status == 202 ? ["Administrator"] : [], logged.Select(a => (string)a["requestedBy"]!));
    }

    [Theory]
    [InlineData("GET", "topics?limit=0", "limit")]
    [InlineData("GET", "topics?limit=many", "limit")]
    [InlineData("GET", "topics?after=x", "after")]
    [InlineData("GET", "subscriptions?state=happy", "state")]
    [InlineData("GET", "subscriptions?colour=red", "colour")]
    [InlineData("GET", "subscriptions?host=a&host=b", "host")]
    [InlineData("GET", "dead-letters?from=yesterday", "from")]
    [InlineData("GET", "dead-letters?to=nonsense", "to")]
    [InlineData("GET", "dead-letters?from=2026-11-28T03:00:00Z&to=2026-11-28T02:00:00Z", "to")]
    [InlineData("GET", "dead-letters?origin=a.example", "origin")]
    [InlineData("GET", "dead-letters?subscription=nonsense", "subscription")]
    [InlineData("POST", "origins/pause", "origin")]
    [InlineData("POST", "dead-letters/redeliver", "topic")]
    [InlineData("GET", "nodes?limit=1", "limit")]
    [InlineData("GET", "overview?colour=red", "colour")]
    [InlineData("GET", "subscriptions/furthest-behind?after=1-2", "after")]
    [InlineData("GET", "subscriptions/furthest-behind?limit=0", "limit")]
    [InlineData("GET", "topics/0123456789abcdef?colour=red", "colour")]
    [InlineData("GET", "topics/0123456789abcdef/entries?colour=red", "colour")]
    [InlineData("GET", "subscriptions/1-2/attempts?limit=1", "limit")]
    [InlineData("GET", "dead-letters?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", "to")]
    [InlineData("POST", "subscriptions/1-2/pause?colour=red", "colour")]
    [InlineData("GET", "keys?colour=red", "colour")]
    public async Task Request_ThatIsWrong_IsRefusedWithTheNameOfTheField_AndNothingIsStored(string method, string path, string field)
    {
        await using var hub = await StartAsync();

        using var answer = await hub.AskAsync(new(method), path);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;

        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, (string)problem["field"]!));
        Assert.Empty(await hub.ListAsync("actions"));
    }

    [Theory]
    [InlineData("GET", "topics/0123456789abcdef")]
    [InlineData("GET", "subscriptions/1-2")]
    [InlineData("GET", "actions/7")]
    [InlineData("POST", "topics/0123456789abcdef/pause")]
    [InlineData("POST", "subscriptions/1-2/pause")]
    [InlineData("POST", "subscriptions/nonsense/revoke")]
    [InlineData("DELETE", "subscriptions/1-2")]
    [InlineData("POST", "dead-letters/1/redeliver")]
    [InlineData("DELETE", "dead-letters/1")]
    public async Task Id_ThatIsUnknown_IsAnswered404_AndNothingIsStored(string method, string path)
    {
        await using var hub = await StartAsync();

        using var answer = await hub.AskAsync(new(method), path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(await hub.ListAsync("actions"));
    }

    [Fact]
    public async Task Id_OfASubscriptionThatHasEnded_IsNotThatOfTheNextOneWithItsNumber()
    {
        await using var hub = await StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("one"));
        var id = (string)(await hub.ListAsync("subscriptions"))[0]["id"]!;
        await hub.UnsubscribeAsync(Topic, subscriber.Callback("one"));
        await hub.SubscribeAsync(Topic, subscriber.Callback("two"));

        using var answer = await hub.AskAsync(HttpMethod.Delete, "subscriptions/" + id);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Single(await hub.ListAsync("subscriptions"));
    }

    [Fact]
    public async Task Pages_AreByKey_StableUnderWrites_AndCostOneStatementEach()
    {
        await using var hub = await StartAsync();
        await SeedAsync(hub, 5000);
        var administration = hub.Services.GetRequiredService<IHubAdministration>();
        var statements = new ConcurrentQueue<string>();

        var seen = new List<string>();
        HubPage<HubSubscription>? page = null;
        do
        {
            page = await administration.ListSubscriptionsAsync(new(Host: "a.example"), new(page?.Next, 1000), Cancelled);
            seen.AddRange(page.Items.Select(s => s.Id));
            // What goes and comes behind the reader moves nothing.
            await hub.Db.WriteAsync(s => s.ExecuteAsync("delete from {subscriptions} where id in (1, 2)"), Cancelled);
        } while (page.Next is not null);
        hub.Db.Watch = statements.Enqueue;
        await administration.ListSubscriptionsAsync(new(Host: "a.example"), new(Limit: 1000), Cancelled);
        await administration.ListDeadLettersAsync(null, new(Limit: 1000), Cancelled);
        hub.Db.Watch = null;

        Assert.Equal(5000, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(5000, seen.Count);
        Assert.Single(statements, s => s.Contains("s.verified_at", StringComparison.Ordinal));
        Assert.Single(statements, s => s.Contains("first_sequence", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("subscription")]
    [InlineData("topic")]
    [InlineData("origin")]
    public async Task Pause_HoldsDeliveriesBack_AndWhatWasMissedComesInOrderOnceResumed(string what)
    {
        await using var hub = await StartAsync();
        await using var paused = await FakeSubscriber.StartAsync();
        await using var other = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, paused.Callback());
        await hub.SubscribeAsync(what == "topic" ? Topic + "other" : Topic, other.Callback());
        await PublishToBothAsync(hub, "before");
        await hub.NextDeliveryAsync(paused);
        await hub.NextDeliveryAsync(other);
        // What has been sent but not saved would come once more.
        await hub.UntilAsync(
            "select 1 where not exists (select 1 from {subscriptions} s join {lanes} l on l.id = s.lane_id "
                + "where coalesce(s.position, l.cursor) < 1)"
        );
        var (path, body) = await TargetAsync(hub, what, paused);

        await hub.ActAsync(path + "/pause", body);
        await PublishToBothAsync(hub, "two");
        await PublishToBothAsync(hub, "three");
        await hub.NextDeliveryAsync(other);
        await hub.NextDeliveryAsync(other);
        await hub.UntilAsync("select count(*) from {lanes} where cursor = 3");
        var during = paused.Deliveries.Count;
        var state = Assert.Single(await hub.ListAsync("subscriptions?state=paused"));
        await hub.ActAsync(path + "/resume", body);
        List<string> after = [(await hub.NextDeliveryAsync(paused)).Text, (await hub.NextDeliveryAsync(paused)).Text];

        Assert.Equal(1, during);
        Assert.Equal(what, (string)state["pausedBy"]![0]!);
        Assert.Equal(["two", "three"], after);
        Assert.Equal(["before", "two", "three"], other.Deliveries.Select(d => d.Text));
        Assert.Empty(await hub.ListAsync("subscriptions?state=paused"));
    }

    [Theory]
    [InlineData("topic")]
    [InlineData("origin")]
    public async Task Pause_HoldsBackWhoSubscribesLater_UntilItEnds(string what)
    {
        await using var hub = await StartAsync();
        await using var first = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, first.Callback("first"));
        var (path, body) = await TargetAsync(hub, what, first);
        await hub.ActAsync(path + "/pause", body);

        await hub.SubscribeAsync(Topic, first.Callback("second"));
        await hub.PublishAsync(Topic, "one");
        var held = await hub.ListAsync("subscriptions?state=paused");
        var resumed = await hub.ActAsync(path + "/resume", body);
        await hub.NextDeliveryAsync(first);
        await hub.NextDeliveryAsync(first);

        Assert.Equal(2, held.Count);
        Assert.Equal(2L, (long)resumed["affected"]!);
        Assert.Equal(["/first", "/second"], first.Deliveries.Select(d => d.Target).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("delete")]
    public async Task Subscription_ThatIsRevokedOrDeleted_Ends_AndOnlyRevokingTellsTheCallback(string how)
    {
        await using var hub = await StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await subscriber.NextVerificationAsync(Cancelled);
        var id = (string)(await hub.ListAsync("subscriptions"))[0]["id"]!;

        var action =
            how == "revoke"
                ? await hub.ActAsync($"subscriptions/{id}/revoke", new { reason = "Unpaid." })
                : await hub.ActAsync($"subscriptions/{id}", method: HttpMethod.Delete);
        if (how == "revoke")
            await subscriber.NextVerificationAsync(Cancelled);
        await hub.UntilAsync("select 1 where not exists (select 1 from {requests})");

        Assert.Equal(1L, (long)action["affected"]!);
        Assert.Empty(await hub.ListAsync("subscriptions"));
        Assert.Equal(how == "revoke" ? 2 : 1, subscriber.Verifications.Count);
    }

    [Theory]
    [InlineData("one")]
    [InlineData("topic")]
    [InlineData("origin")]
    public async Task DeadLetters_ThatAreRedelivered_ComeWithTheirDeliveryId_AndAreGoneThen(string which)
    {
        await using var hub = await StartAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(500);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "lost");
        await hub.UntilAsync("select count(*) from {dead_letters}");
        var failed = await hub.NextDeliveryAsync(subscriber);
        subscriber.OnDelivery = _ => Task.FromResult(200);
        var letter = Assert.Single(await hub.ListAsync("dead-letters"));

        var action = which switch
        {
            "one" => await hub.ActAsync($"dead-letters/{letter["id"]}/redeliver"),
            "topic" => await hub.ActAsync("dead-letters/redeliver", new { topic = Topic }),
            _ => await hub.ActAsync(
                "dead-letters/redeliver",
                new { origin = new Uri(subscriber.Callback()).GetLeftPart(UriPartial.Authority) }
            ),
        };
        var again = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync("select 1 where not exists (select 1 from {dead_letters})");

        Assert.Equal(("lost", failed.DeliveryId), (again.Text, again.DeliveryId));
        Assert.Equal((string)action["id"]!, again.Headers[HubHeaders.DeliveryReplay]);
        Assert.False(failed.Headers.ContainsKey(HubHeaders.DeliveryReplay));
        Assert.Equal(1L, (long)action["affected"]!);
    }

    [Fact]
    public async Task DeadLetters_OfASpanOfTime_AreListedAndRedelivered_AndNoOthers()
    {
        await using var hub = await StartAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await GiveUpAsync(hub, subscriber, "one", "two", "three");
        await hub.Db.WriteAsync(
            s =>
                s.ExecuteAsync(
                    "update {dead_letters} set created_at = case when callback like '%/one' then @one when callback like '%/two' then @two "
                        + "else @three end",
                    new
                    {
                        one = Micros("2026-11-28T01:59:59.999Z"),
                        two = Micros("2026-11-28T02:00:00Z"),
                        three = Micros("2026-11-28T03:00:00Z"),
                    }
                ),
            Cancelled
        );

        var listed = await hub.ListAsync("dead-letters?from=2026-11-28T02:00:00Z&to=2026-11-28T03:00:00Z");
        var action = await hub.ActAsync("dead-letters/redeliver", new { from = "2026-11-28T02:00:00Z", to = "2026-11-28T03:00:00Z" });
        var again = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync("select case when count(*) = 2 then 1 else 0 end from {dead_letters}");
        var left = await hub.ListAsync("dead-letters");

        Assert.Equal(subscriber.Callback("two"), (string)Assert.Single(listed)["callback"]!);
        Assert.Equal(("/two", 1L), (again.Target, (long)action["affected"]!));
        Assert.Equal([subscriber.Callback("one"), subscriber.Callback("three")], left.Select(l => (string)l["callback"]!).Order());
    }

    [Fact]
    public async Task DeadLetters_OfASubscription_AreListedAndRedelivered_AndNoOthers()
    {
        await using var hub = await StartAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await GiveUpAsync(hub, subscriber, "one?token=hidden", "two");
        var id = (string)(await hub.ListAsync("subscriptions")).Single(s => (string)s["callback"]! == subscriber.Callback("one"))["id"]!;

        var listed = await hub.ListAsync($"dead-letters?subscription={id}");
        var action = await hub.ActAsync("dead-letters/redeliver", new { subscription = id });
        var again = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync("select case when count(*) = 1 then 1 else 0 end from {dead_letters}");
        var left = await hub.ListAsync("dead-letters");
        var ofNobody = await hub.ListAsync("dead-letters?subscription=99-99");
        using var forNobody = await hub.AskAsync(HttpMethod.Post, "dead-letters/redeliver", new { subscription = "99-99" });

        Assert.Equal(subscriber.Callback("one"), (string)Assert.Single(listed)["callback"]!);
        Assert.Equal(("/one?token=hidden", 1L, id), (again.Target, (long)action["affected"]!, (string)action["target"]!));
        Assert.Equal(subscriber.Callback("two"), (string)Assert.Single(left)["callback"]!);
        Assert.Empty(ofNobody);
        Assert.Equal(HttpStatusCode.NotFound, forNobody.StatusCode);
    }

    private static long Micros(string time) =>
        DatabaseTime.From(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)).Microseconds;

    /// <summary>Has an update given up for callbacks that accept what is sent from then on.</summary>
    private static async Task GiveUpAsync(HubHost hub, FakeSubscriber subscriber, params string[] callbacks)
    {
        subscriber.OnDelivery = _ => Task.FromResult(500);
        foreach (var path in callbacks)
            await hub.SubscribeAsync(Topic, subscriber.Callback(path));
        await hub.PublishAsync(Topic, "lost");
        await hub.UntilAsync($"select case when count(*) = {callbacks.Length} then 1 else 0 end from {{dead_letters}}");
        foreach (var _ in callbacks)
            await hub.NextDeliveryAsync(subscriber);
        subscriber.OnDelivery = _ => Task.FromResult(200);
    }

    [Fact]
    public async Task DeadLetter_ThatFailsAgain_StaysWithItsNewAnswer()
    {
        await using var hub = await StartAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(500);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "lost");
        await hub.UntilAsync("select count(*) from {dead_letters}");
        subscriber.OnDelivery = _ => Task.FromResult(418);

        await hub.ActAsync("dead-letters/redeliver", new { topic = Topic });
        await hub.UntilAsync("select count(*) from {dead_letters} where last_status = 418");

        var letter = Assert.Single(await hub.ListAsync("dead-letters"));
        Assert.Equal((418, 2L, false), ((int)letter["lastStatus"]!, (long)letter["attempts"]!, (bool)letter["isRedelivering"]!));
    }

    [Fact]
    public async Task DeadLetter_OfAMessageThatIsNotWantedAnyMore_StaysAndSaysWhy()
    {
        await using var hub = await StartAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(418);
        var messages = new PredicateClient(hub);
        await messages.SubscribeAsync("aa.*", subscriber.Callback());
        await messages.SubscribeAsync("bb.*", subscriber.Callback());
        await messages.PostAsync("aa.cc");
        await hub.UntilAsync("select count(*) from {dead_letters}");
        await messages.UnsubscribeAsync("aa.*", subscriber.Callback());

        await hub.ActAsync($"dead-letters/{(await hub.ListAsync("dead-letters"))[0]["id"]}/redeliver");
        await hub.UntilAsync("select 1 where not exists (select 1 from {replays})");

        var letter = Assert.Single(await hub.ListAsync("dead-letters"));
        Assert.Equal("Not sent again: no topic that the callback is subscribed to covers it any more.", (string)letter["lastError"]!);
        Assert.Equal((1L, false), ((long)letter["attempts"]!, (bool)letter["isRedelivering"]!));
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task Replay_OfARange_ReachesOneSubscriberOnly_AndLeavesItsPositionAlone()
    {
        await using var hub = await StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var other = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("one?q"), secret: "secret");
        await hub.SubscribeAsync(Topic, other.Callback());
        for (var i = 1; i <= 4; i++)
        {
            await hub.PublishAsync(Topic, $"{i}");
            await hub.NextDeliveryAsync(subscriber);
            await hub.NextDeliveryAsync(other);
        }

        var id = (await hub.ListAsync("subscriptions")).First(s => ((string)s["callback"]!).EndsWith("/one", StringComparison.Ordinal))[
            "id"
        ];
        await hub.ActAsync($"subscriptions/{id}/replay", new { from = 2, to = 3 });
        var (first, second) = (await hub.NextDeliveryAsync(subscriber), await hub.NextDeliveryAsync(subscriber));
        await hub.PublishAsync(Topic, "5");
        var live = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(["2", "3", "5"], [first.Text, second.Text, live.Text]);
        Assert.Equal(Signatures.SignatureVerdict.Valid, first.Verify("secret"));
        Assert.True(second.Headers.ContainsKey(HubHeaders.DeliveryReplay));
        Assert.False(live.Headers.ContainsKey(HubHeaders.DeliveryReplay));
        Assert.DoesNotContain(other.Deliveries, d => d.Headers.ContainsKey(HubHeaders.DeliveryReplay));
    }

    [Theory]
    [InlineData("{\"to\":3}", "from")]
    [InlineData("{\"from\":0}", "from")]
    [InlineData("{\"from\":\"2026-11-27T08:00:00Z\"}", "from")]
    [InlineData("{\"from\":3,\"to\":2}", "to")]
    [InlineData("{\"from\":1,\"colour\":2}", "colour")]
    public async Task Replay_WithAWrongRange_IsRefused(string body, string field)
    {
        await using var hub = await StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var id = (await hub.ListAsync("subscriptions"))[0]["id"];

        using var answer = await hub.AskAsync(HttpMethod.Post, $"subscriptions/{id}/replay", JsonNode.Parse(body));
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;

        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, (string?)problem["field"]));
        Assert.Empty(await hub.ListAsync("actions"));
    }

    [Fact]
    public async Task Wish_ThatAProcessLeftBehind_IsCarriedOutByTheNextOne()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using (var first = await StartAsync())
        {
            await first.SubscribeAsync(Topic, subscriber.Callback());
            // As it is right after the answer 202: stored, and nothing else.
            await first.Db.WriteAsync(
                s =>
                    s.ExecuteAsync(
                        "insert into {actions} (kind, target, topic_id, requested_by, requested_at, done_at, id) "
                            + s.Pick("", "overriding system value ")
                            + "select 'PauseTopic', url, id, 'Administrator', 1, 2, 100 from {topics}"
                    ),
                Cancelled
            );
            await first.StopAsync();
            await first.Db.WriteAsync(s => s.ExecuteAsync("update {actions} set done_at = null"), Cancelled);
        }

        await using var hub = await StartAsync();
        await hub.UntilAsync("select count(*) from {actions} where done_at is not null");

        Assert.Single(await hub.ListAsync("subscriptions?state=paused"));
        Assert.Equal("Administrator", (string)Assert.Single(await hub.ListAsync("actions"))["requestedBy"]!);
    }

    private Task<HubHost> StartAsync(Action<HubOptions>? configure = null) =>
        HubHost.StartAsync(
            ConnectionString,
            o =>
            {
                o.ApiKeys["Publisher"] = new("publishing") { Scopes = [ApiScope.Publish] };
                o.ApiKeys["Reader"] = new("reading") { Scopes = [ApiScope.Read] };
                o.ApiKeys["Administrator"] = new("administering") { Scopes = [ApiScope.Administer] };
                configure?.Invoke(o);
            }
        );

    private static async Task<(string Path, object? Body)> TargetAsync(HubHost hub, string what, FakeSubscriber subscriber)
    {
        if (what == "origin")
            return ("origins", new { origin = new Uri(subscriber.Callback()).GetLeftPart(UriPartial.Authority) });
        if (what == "topic")
            return ($"topics/{(await hub.ListAsync($"topics?url={Uri.EscapeDataString(Topic)}"))[0]["id"]}", null);
        var rows = await hub.ListAsync("subscriptions");
        return ($"subscriptions/{rows.Single(s => (string)s["callback"]! == subscriber.Callback())["id"]}", null);
    }

    private static async Task PublishToBothAsync(HubHost hub, string content)
    {
        await hub.PublishAsync(Topic, content);
        await hub.PublishAsync(Topic + "other", content);
    }

    private static Task SeedAsync(HubHost hub, int count) =>
        hub.Db.WriteAsync(
            async s =>
            {
                await s.ExecuteAsync("insert into {topics} (id, url, created_at) values (1, 'https://a.example/t', 1)");
                await s.ExecuteAsync("insert into {lanes} (topic_id, number, cursor, size) values (1, 1, 0, 1)");
                var numbers = s.Pick(
                    "(with recursive n(n) as (select 1 union all select n + 1 from n where n < @count) select n from n)",
                    "(select n::bigint from generate_series(1, @count) n)"
                );
                await s.ExecuteAsync(
                    $$"""
                    insert into {subscriptions} (topic_id, lane_id, callback, callback_host, lease_seconds, lease_end, created_at,
                      verified_at)
                    select 1, (select min(id) from {lanes}), 'https://a.example/' || n, 'a.example', 1, @end, 1, 1 from {{numbers}} x
                    """,
                    new { count, end = long.MaxValue / 100 }
                );
                return 0;
            },
            Cancelled
        );

    public sealed class OnSqlite() : AdministrationTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : AdministrationTests(server);
}
