using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Storage;
using WebSub.Hub.Tests.Predicates;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>What an operator looks into: entries, patterns, a subscription's story; and what is published by hand.</summary>
public abstract class InspectionTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_ComeFromTheNewest_PageByPage_AndEachHasItsBeginningAsText()
    {
        await using var hub = await StartHubAsync();
        await hub.PublishAsync(Topic, "first", "text/plain");
        await hub.PublishAsync(Topic, "<script>alert(1)</script>\u202egpj.exe\u001b", "text/html");
        await hub.PublishAsync(Topic, new string('ü', 3000), "text/plain; charset=utf-8");
        var id = (string)(await hub.ListAsync("topics"))[0]["id"]!;

        var first = await ReadAsync(hub, $"topics/{id}/entries?limit=2");
        var second = await ReadAsync(hub, $"topics/{id}/entries?limit=2&after={first["next"]}");
        var marked = await ReadAsync(hub, $"topics/{id}/entries/2");
        var large = await ReadAsync(hub, $"topics/{id}/entries/3");

        Assert.Equal([3L, 2L], first["items"]!.AsArray().Select(e => (long)e!["sequence"]!));
        var only = Assert.Single(second["items"]!.AsArray())!;
        Assert.Equal((1L, 5L, "push"), ((long)only["sequence"]!, (long)only["size"]!, (string)only["source"]!));
        Assert.Equal(($"{id}/1", null), ((string)only["deliveryId"]!, (string?)only["preview"]));
        Assert.Null(second["next"]);
        Assert.Equal("<script>alert(1)</script>\ufffdgpj.exe\ufffd", (string)marked["preview"]!);
        Assert.Equal((6000L, new string('ü', 2048)), ((long)large["size"]!, (string)large["preview"]!));
    }

    [Fact]
    public async Task Entry_ThatIsNoText_HasNoPreview()
    {
        await using var hub = await StartHubAsync();
        await hub.Services.GetRequiredService<IWebSubHub>().PublishAsync(Topic, new byte[] { 0, 1, 2, 250, 0, 0 }, "image/png", Cancelled);
        var id = (string)(await hub.ListAsync("topics"))[0]["id"]!;

        var entry = await ReadAsync(hub, $"topics/{id}/entries/1");

        Assert.Equal((6L, "image/png", null), ((long)entry["size"]!, (string)entry["contentType"]!, (string?)entry["preview"]));
    }

    [Fact]
    public async Task Patterns_OfACallback_AndThoseThatWouldGetAMessage_AreListed_WithoutTheQueryOfTheCallback()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var (one, two) = (subscriber.Callback("one?token=hidden"), subscriber.Callback("two"));
        var messages = new PredicateClient(hub);
        await messages.SubscribeAsync("aa.bb.*", one, secret: "unspeakable");
        await messages.SubscribeAsync("cc", one);
        await messages.SubscribeAsync("*", two);
        await messages.SubscribeAsync("aa.bbb", two);

        var ofOne = await hub.ListAsync("patterns?callback=" + Uri.EscapeDataString(one));
        var getting = await hub.ListAsync("patterns?predicate=AA.bb.cc");
        var sharing = await hub.ListAsync($"patterns?subscription={ofOne[0]["subscriptionId"]}");
        var first = await ReadAsync(hub, "patterns?limit=3");
        var rest = await ReadAsync(hub, $"patterns?limit=3&after={first["next"]}");
        await hub.Db.WriteAsync(s => s.ExecuteAsync("update {patterns} set lease_end = 1 where pattern = ''"), Cancelled);
        var without = await hub.ListAsync("patterns?predicate=aa.bb.cc");

        Assert.Equal(["aa.bb.*", "cc"], ofOne.Select(p => (string)p["topic"]!));
        Assert.Equal([true, false], ofOne.Select(p => (bool)p["isSigned"]!));
        Assert.Equal(["aa.bb.*", "*"], getting.Select(p => (string)p["topic"]!));
        Assert.Equal([subscriber.Callback("one"), two], getting.Select(p => (string)p["callback"]!));
        Assert.Equal(ofOne.Select(p => p.ToJsonString()), sharing.Select(p => p.ToJsonString()));
        Assert.Equal((3, 1, null), (first["items"]!.AsArray().Count, rest["items"]!.AsArray().Count, rest["next"]));
        Assert.Equal(["aa.bb.*"], without.Select(p => (string)p["topic"]!));
        Assert.DoesNotContain("unspeakable", first.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explanation_OfASubscription_IsThatOfItsCallbackWithTheQuery_WhichIsNotShown()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(503);
        await hub.SubscribeAsync(Topic, subscriber.Callback("one?token=hidden"));
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 503 and claimed_by is null");
        var id = (string)(await hub.ListAsync("subscriptions"))[0]["id"]!;

        var own = await ReadAsync(hub, $"subscriptions/{id}/explanation");
        var other = await ReadAsync(hub, $"subscriptions/{id}/explanation?topic=https%3A%2F%2Fother.example%2F");

        Assert.Equal(
            ("behind", Topic, subscriber.Callback("one")),
            ((string)own["verdict"]!, (string)own["topic"]!, (string)own["callback"]!)
        );
        Assert.Contains("503", (string)own["summary"]!, StringComparison.Ordinal);
        Assert.Equal("unknownTopic", (string)other["verdict"]!);
        Assert.DoesNotContain("hidden", own.ToJsonString() + other.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explanation_OfASubscriptionToMessages_IsThatOfWhatItHasSubscribedTo()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var messages = new PredicateClient(hub);
        await messages.SubscribeAsync("aa.*", subscriber.Callback("?token=hidden"));
        await messages.PostAsync("aa.bb");
        await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(
            "select count(*) from {subscriptions} s join {lanes} l on l.id = s.lane_id where coalesce(s.position, l.cursor) = 1"
        );
        var id = (string)(await hub.ListAsync("subscriptions"))[0]["id"]!;

        var own = await ReadAsync(hub, $"subscriptions/{id}/explanation");
        var other = await ReadAsync(hub, $"subscriptions/{id}/explanation?topic=bb");

        Assert.Equal(("delivered", "aa.*"), ((string)own["verdict"]!, (string)own["topic"]!));
        Assert.Equal("filtered", (string)other["verdict"]!);
    }

    [Fact]
    public async Task Publish_ByHand_IsDelivered_AndInTheAuditLog()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var id = (string)(await hub.ListAsync("topics"))[0]["id"]!;

        var action = await hub.ActAsync(
            $"topics/{id}/publish",
            new
            {
                content = "Grüße",
                contentType = "text/x-greeting",
                reason = "The publisher is away.",
            }
        );
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(("Grüße", "text/x-greeting"), (delivery.Text, delivery.ContentType));
        Assert.Equal(("publish", id, 1L), ((string)action["kind"]!, (string)action["target"]!, (long)action["affected"]!));
        var logged = Assert.Single(await hub.ListAsync("actions"));
        Assert.Equal(("local", "The publisher is away."), ((string)logged["requestedBy"]!, (string)logged["reason"]!));
    }

    [Fact]
    public async Task Fetch_ByHand_IsAPing_AndInTheAuditLog()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic + "/unwanted", "first");
        var topics = await hub.ListAsync("topics");
        var (wanted, unwanted) = (topics.Single(t => (long)t["subscriptions"]! == 1), topics.Single(t => (long)t["subscriptions"]! == 0));

        var action = await hub.ActAsync($"topics/{wanted["id"]}/fetch");
        using var refused = await hub.AskAsync(HttpMethod.Post, $"topics/{unwanted["id"]}/fetch");
        await hub.UntilAsync("select count(*) from {topics} where pings = 1 and fetched_at is not null");

        Assert.Equal(("fetchTopic", "local"), ((string)action["kind"]!, (string)action["requestedBy"]!));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Single(await hub.ListAsync("actions"));
    }

    [Theory]
    [InlineData("", "text/plain", "content")]
    [InlineData("more than ten bytes", "text/plain", "content")]
    [InlineData("text", "text/plain\r\nX-Evil: 1", "contentType")]
    [InlineData("text", "no type", "contentType")]
    [InlineData("text", null, "contentType")]
    public async Task Publish_OfWhatCannotBeDelivered_IsRefused_AndNothingIsStored(string content, string? contentType, string field)
    {
        await using var hub = await StartHubAsync(o => o.Publishing.MaxContentBytes = 10);
        await hub.PublishAsync(Topic, "first");
        var id = (string)(await hub.ListAsync("topics"))[0]["id"]!;

        using var answer = await hub.AskAsync(HttpMethod.Post, $"topics/{id}/publish", new { content, contentType });
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;

        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, (string?)problem["field"]));
        Assert.Equal(1L, (long)(await hub.ListAsync("topics"))[0]["head"]!);
        Assert.Empty(await hub.ListAsync("actions"));
    }

    [Fact]
    public async Task Attempts_OfASubscription_HaveStatusAndDuration_AndItsOriginACount()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Text == "second" ? 503 : 202);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.NextDeliveryAsync(subscriber);
        await hub.PublishAsync(Topic, "second");
        await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 503 and claimed_by is null");
        var id = (string)(await hub.ListAsync("subscriptions"))[0]["id"]!;

        var attempts = await hub.ListAsync($"subscriptions/{id}/attempts");
        var origin = Assert.Single(await hub.ListAsync("origins"));

        Assert.Equal(
            [(2L, false, 503), (1L, true, 202)],
            attempts.Select(a => ((long)a["sequence"]!, (bool)a["isDelivered"]!, (int)a["status"]!))
        );
        Assert.Equal(["The callback answered 503.", null], attempts.Select(a => (string?)a["error"]));
        Assert.All(attempts, a => Assert.InRange((double)a["durationSeconds"]!, 0.0, 60));
        Assert.Equal(new Uri(subscriber.Callback()).GetLeftPart(UriPartial.Authority), (string)origin["origin"]!);
        Assert.Equal((1L, 1L), ((long)origin["delivered"]!, (long)origin["failed"]!));
    }

    [Fact]
    public async Task Attempts_ThatFailed_AreShownByAnotherProcess_WithStatusTimeDurationAndReason()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        var answers = new Queue<int>([503, 500]);
        subscriber.OnDelivery = _ => Task.FromResult(answers.Dequeue());
        var began = TimeProvider.System.GetUtcNow();
        IReadOnlyList<HubAttempt> before;
        string id;
        await using (var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)]))
        {
            await hub.SubscribeAsync(Topic, subscriber.Callback());
            await hub.PublishAsync(Topic, "first");
            await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 500 and claimed_by is null");
            id = (string)(await hub.ListAsync("subscriptions"))[0]["id"]!;
            before = (await hub.Services.GetRequiredService<IHubAdministration>().ListAttemptsAsync(id, Cancelled))!;
        }

        await using var another = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        var administration = another.Services.GetRequiredService<IHubAdministration>();
        var attempts = (await administration.ListAttemptsAsync(id, Cancelled))!;
        var subscription = (await administration.FindSubscriptionAsync(id, Cancelled))!;

        Assert.Equal(
            [(1L, false, 500, "The callback answered 500."), (1L, false, 503, "The callback answered 503.")],
            attempts.Select(a => (a.Sequence, a.IsDelivered, a.Status!.Value, a.Error!))
        );
        Assert.Equal(attempts, before);
        Assert.All(attempts, a => Assert.InRange(a.EndedAt, began.AddSeconds(-5), TimeProvider.System.GetUtcNow().AddSeconds(5)));
        Assert.All(attempts, a => Assert.InRange(a.DurationSeconds, 0.0, 60));
        Assert.Equal(2, subscription.FailedSince);
        Assert.InRange(subscription.BehindSince!.Value, began.AddSeconds(-5), attempts[0].EndedAt);
    }

    [Fact]
    public async Task Attempts_ThatFailed_AreTheLastTwenty()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var id = (string)(await hub.ListAsync("subscriptions"))[0]["id"]!;
        for (var i = 1; i <= 23; i++)
        {
            var failure = StoredFailures.Of(i, new(i), new(null, i == 23 ? new string('x', 2000) : "No answer in time."));
            await hub.Db.WriteAsync(
                s => s.ExecuteAsync($"update {{subscriptions}} set {StoredFailures.Adding(s, "@failure")}", new { failure }),
                Cancelled
            );
        }

        var attempts = await hub.ListAsync($"subscriptions/{id}/attempts");

        Assert.Equal(Enumerable.Range(4, 20).Reverse().Select(i => (long)i), attempts.Select(a => (long)a["sequence"]!));
        Assert.Equal(301, ((string)attempts[0]["error"]!).Length);
        Assert.Null(attempts[1]["status"]);
    }

    [Fact]
    public async Task Fetch_ThatSucceeded_HasItsStatus_AndWhetherItFoundSomethingNew()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set("feed", FakeResource.FromString("one", "text/plain;charset=UTF-8"));
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        var id = (string)(await hub.ListAsync("topics"))[0]["id"]!;

        await hub.ActAsync($"topics/{id}/fetch");
        await hub.UntilAsync("select count(*) from {topics} where fetch_status = 200");
        var found = await ReadAsync(hub, $"topics/{id}");
        await hub.ActAsync($"topics/{id}/fetch");
        await hub.UntilAsync("select count(*) from {topics} where fetch_status = 304");
        var unchanged = await ReadAsync(hub, $"topics/{id}");
        publisher.Set("feed", new() { Body = [], Status = 500 });
        await hub.ActAsync($"topics/{id}/fetch");
        await hub.UntilAsync("select count(*) from {topics} where last_error is not null");
        var failed = await ReadAsync(hub, $"topics/{id}");

        Assert.Equal((200, 1L), ((int)found["fetchStatus"]!, (long)found["fetchedSequence"]!));
        Assert.Equal((304, null), ((int)unchanged["fetchStatus"]!, (long?)unchanged["fetchedSequence"]));
        Assert.Equal((null, null), ((int?)failed["fetchStatus"], (long?)failed["fetchedSequence"]));
    }

    [Fact]
    public async Task Actions_FromTheNewest_ComePageByPage()
    {
        await using var hub = await StartHubAsync();
        foreach (var name in (string[])["a", "b", "c"])
            await hub.ActAsync("origins/pause", new { origin = $"https://{name}.example" });

        var first = await ReadAsync(hub, "actions?newest=true&limit=2");
        var second = await ReadAsync(hub, $"actions?newest=true&limit=2&after={first["next"]}");
        var oldest = await ReadAsync(hub, "actions?newest=false&limit=1");
        using var wrong = await hub.AskAsync(HttpMethod.Get, "actions?newest=yes");

        Assert.Equal(
            ["https://c.example", "https://b.example", "https://a.example"],
            first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(a => (string)a!["target"]!)
        );
        Assert.Null(second["next"]);
        Assert.Equal("https://a.example", (string)oldest["items"]![0]!["target"]!);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Topics_ByAPartOfTheirUrl_AreFound_WhateverTheCase_PageByPage()
    {
        await using var hub = await StartHubAsync();
        string[] topics = ["https://a.example/News/1", "https://b.example/100%_news", "https://news.example/", "https://c.example/other"];
        foreach (var topic in topics)
            await hub.PublishAsync(topic, "first");

        var first = await ReadAsync(hub, "topics?contains=nEWs&limit=2");
        var second = await ReadAsync(hub, $"topics?contains=nEWs&limit=2&after={first["next"]}");
        var wildcards = await hub.ListAsync("topics?contains=" + Uri.EscapeDataString("%_n"));
        var none = await ReadAsync(hub, "topics?contains=nowhere");

        Assert.Equal(
            topics[..3].Order(StringComparer.Ordinal),
            first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(t => (string)t!["url"]!).Order(StringComparer.Ordinal)
        );
        Assert.Equal((2, null), (first["items"]!.AsArray().Count, second["next"]));
        Assert.Equal(topics[1], (string)Assert.Single(wildcards)["url"]!);
        Assert.Equal((0, null), (none["items"]!.AsArray().Count, none["next"]));
        Assert.All(first["items"]!.AsArray(), t => Assert.NotNull(t!["publishedAt"]));
    }

    [Fact]
    public async Task Topics_ByAPart_AmongVeryMany_AreSearchedInParts()
    {
        await using var hub = await StartHubAsync();
        await hub.Db.WriteAsync(
            s =>
                s.ExecuteAsync(
                    """
                    with recursive n(value) as (select 1 union all select value + 1 from n where value < 150000)
                    insert into {topics} (id, url, created_at)
                    select value, 'https://publisher.example/' || value || case when value > 149990 then '/wanted' else '' end, 1 from n
                    """
                ),
            Cancelled
        );

        var first = await ReadAsync(hub, "topics?contains=WANTED");
        var second = await ReadAsync(hub, $"topics?contains=WANTED&after={first["next"]}");

        Assert.Equal((0, "100000"), (first["items"]!.AsArray().Count, (string?)first["next"]));
        Assert.Equal((10, null), (second["items"]!.AsArray().Count, second["next"]));
    }

    [Theory]
    [InlineData("patterns?predicate=aa.*", 400)]
    [InlineData("patterns?predicate=", 400)]
    [InlineData("patterns?subscription=nonsense", 400)]
    [InlineData("topics?contains=%00", 400)]
    [InlineData("subscriptions?host=a%00b", 400)]
    [InlineData("explain?topic=%00&callback=https://a.example/", 400)]
    [InlineData("explain?topic=x&callback=y", 200)]
    [InlineData("topics/0123456789abcdef/entries", 404)]
    [InlineData("topics/0123456789abcdef/entries/1", 404)]
    [InlineData("subscriptions/1-2/explanation", 404)]
    [InlineData("subscriptions/1-2/attempts", 404)]
    public async Task Question_AboutWhatIsNotThere_SaysSo(string path, int status)
    {
        await using var hub = await StartHubAsync();

        using var answer = await hub.AskAsync(HttpMethod.Get, path);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Body_WithACharacterThatCannotBeStored_IsRefusedByItsField()
    {
        await using var hub = await StartHubAsync();

        using var answer = await hub.AskAsync(HttpMethod.Post, "origins/pause", new { origin = "https://a.example", reason = "\0" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("reason", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!["field"]);
    }

    private static async Task<JsonNode> ReadAsync(HubHost hub, string path)
    {
        using var answer = await hub.AskAsync(HttpMethod.Get, path);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    public sealed class OnSqlite() : InspectionTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : InspectionTests(server);
}
