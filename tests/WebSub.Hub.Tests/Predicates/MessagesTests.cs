using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Predicates;

/// <summary>Posting messages, changing their status, notifying subscribers.</summary>
public abstract class MessagesTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    [Fact]
    public async Task Post_Message_IsStoredUnderAReferenceOfItsOwn()
    {
        await using var hub = await StartHubAsync();
        var client = new PredicateClient(hub);
        using var content = new StringContent(
            PredicateClient.Message("UN.CEFACT.Trade.CO.created", "co-7"),
            Encoding.UTF8,
            "application/json"
        );

        using var response = await client.ExchangeAsync(HttpMethod.Post, "/messages", content);
        var posted = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var reference = (string)posted["reference"]!;
        using var read = await client.ExchangeAsync(HttpMethod.Get, $"/messages/{reference}");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal($"{hub.Origin}/messages/{reference}", response.Headers.Location?.OriginalString);
        Assert.Equal(32, reference.Length);
        Assert.Equal(("co-7", "pending"), ((string?)posted["sender_ref"], (string?)posted["status"]));
        PredicateJson.AssertSame(posted.ToJsonString(), await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var links = LinkHeader.Parse(string.Join(", ", read.Headers.GetValues("Link")));
        Assert.Equal(
            (hub.Url, $"{hub.Origin}/messages/{reference}"),
            (links.Single(l => l.Has("hub")).Target, links.Single(l => l.Has("self")).Target)
        );
    }

    [Fact]
    [Trait("Ref", "IG-11")]
    public async Task Post_Message_ReachesWhoeverAskedForItOrForWhatIsAboveIt()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        foreach (
            var (topic, path) in new[]
            {
                ("ooo.aaa", "parent"),
                ("OOO.AAA.BBB", "exact"),
                ("ooo.aaa.bb", "prefix-of-an-element"),
                ("ooo.aaa.bbb.ccc", "child"),
                ("xxx", "other"),
            }
        )
            await client.SubscribeAsync(topic, subscriber.Callback(path));

        await client.PostAsync("ooo.aaa.bbb");
        FakeReceivedDelivery[] deliveries = [await hub.NextDeliveryAsync(subscriber), await hub.NextDeliveryAsync(subscriber)];
        await client.PostAsync("ooo.aaa.bbb.ccc");
        FakeReceivedDelivery[] later =
        [
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
        ];

        Assert.Equal(["/exact", "/parent"], deliveries.Select(d => d.Target).Order());
        Assert.Equal(["/child", "/exact", "/parent"], later.Select(d => d.Target).Order());
    }

    [Fact]
    [Trait("Ref", "IG-9")]
    public async Task Post_Message_ReachesACallbackOnceHoweverManyOfItsTopicsCoverIt()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        foreach (var topic in new[] { "aa", "aa.bb.*", "aa.bb.cc" })
            await client.SubscribeAsync(topic, subscriber.Callback());

        await client.PostAsync("aa.bb.cc", "one");
        await client.PostAsync("aa.bb.cc", "two");
        FakeReceivedDelivery[] deliveries = [await hub.NextDeliveryAsync(subscriber), await hub.NextDeliveryAsync(subscriber)];

        Assert.Equal(["one", "two"], deliveries.Select(d => (string?)JsonNode.Parse(d.Text)!["sender_ref"]));
    }

    [Theory]
    [InlineData("message.inv-7.received")]
    [InlineData("message.INV-7")]
    [InlineData("message.*")]
    public async Task Post_Message_TellsThatItCame(string topic)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        await client.SubscribeAsync(topic, subscriber.Callback());

        var message = await client.PostAsync("UN.CEFACT.Trade.Invoice.created", "inv-7");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        PredicateJson.AssertSame("""{"predicate":"message.inv-7.received","sender_ref":"AU:inv-7"}""", delivery.Text);
        Assert.Equal(
            $"{hub.Origin}/messages/{message["reference"]}",
            LinkHeader.Parse(delivery.Headers["Link"]).Single(l => l.Has("self")).Target
        );
    }

    [Theory]
    [InlineData("message.status.change")]
    [InlineData("message.status.change.inv-7.")]
    [InlineData("message.inv-7.status")]
    public async Task ChangeStatus_IsToldOnce_ToWhoeverAsked(string topic)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        await client.SubscribeAsync(topic, subscriber.Callback());
        var reference = (string)(await client.PostAsync("UN.CEFACT.Trade.Invoice.created", "inv-7"))["reference"]!;
        var other = (string)(await client.PostAsync("UN.CEFACT.Trade.Invoice.created", "inv-77"))["reference"]!;

        if (topic != "message.status.change")
            await client.ChangeStatusAsync(other, "rejected");
        var (status, body) = await client.ChangeStatusAsync(reference, "accepted");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("accepted", (string?)JsonNode.Parse(body)!["status"]);
        PredicateJson.AssertSame(
            """{"predicate":"message.inv-7.status","sender_ref":"AU:inv-7","subject":"AU.abn.1.invoice.7","status":"accepted"}""",
            delivery.Text
        );
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task ChangeStatus_OfAMessageWithoutASendersName_IsToldUnderItsReference()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        var reference = (string)(await client.PostAsync("aa"))["reference"]!;
        await client.SubscribeAsync($"message.status.change.{reference}.", subscriber.Callback());

        await client.ChangeStatusAsync(reference, "rejected");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal($"AU:{reference}", (string?)JsonNode.Parse(delivery.Text)!["sender_ref"]);
    }

    [Fact]
    public async Task ChangeStatus_HappensOnce()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("message.status.change", subscriber.Callback());
        var reference = (string)(await client.PostAsync("aa"))["reference"]!;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => client.ChangeStatusAsync(reference, i % 2 == 0 ? "accepted" : "rejected"))
        );
        var final = (string?)JsonNode.Parse((await client.GetAsync($"/messages/{reference}")).Body)!["status"];
        await client.ChangeStatusAsync((string)(await client.PostAsync("aa", "last"))["reference"]!, "accepted");
        FakeReceivedDelivery[] deliveries = [await hub.NextDeliveryAsync(subscriber), await hub.NextDeliveryAsync(subscriber)];

        Assert.Equal(5, answers.Count(a => a.Status == HttpStatusCode.OK && (string?)JsonNode.Parse(a.Body)!["status"] == final));
        Assert.Equal(5, answers.Count(a => a.Status == HttpStatusCode.Conflict));
        Assert.Contains(
            $"Message status is final:{final}",
            answers.First(a => a.Status == HttpStatusCode.Conflict).Body,
            StringComparison.Ordinal
        );
        Assert.Equal(
            (final, "AU:last"),
            ((string?)JsonNode.Parse(deliveries[0].Text)!["status"], (string?)JsonNode.Parse(deliveries[1].Text)!["sender_ref"])
        );
    }

    [Theory]
    [InlineData("""{"status":"pending"}""", 400, "unexpected-message-status-error")]
    [InlineData("""{"status":null}""", 400, "unexpected-message-status-error")]
    [InlineData("""{"status":"accepted","obj":"https://evil.example/"}""", 400, "message-validation-error")]
    [InlineData("{}", 400, "message-data-empty-error")]
    [InlineData("[1]", 400, "message-data-empty-error")]
    [InlineData("status", 400, "message-deserialization-error")]
    public async Task ChangeStatus_ToWhatIsNone_ChangesNothing(string body, int status, string code)
    {
        await using var hub = await StartHubAsync();
        var client = new PredicateClient(hub);
        var path = $"/messages/{(await client.PostAsync("aa"))["reference"]}";

        var answer = await client.SendAsync(HttpMethod.Patch, path, body);

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(code, (string?)JsonNode.Parse(answer.Body)!["errors"]![0]!["code"]);
        Assert.Equal("pending", (string?)JsonNode.Parse((await client.GetAsync(path)).Body)!["status"]);
    }

    [Fact]
    public async Task Post_Batch_IsStoredInOrder_OrNotAtAll()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("aa", subscriber.Callback());

        var refused = await client.SendAsync(
            HttpMethod.Post,
            "/messages",
            $"[{PredicateClient.Message("aa.lost")},{PredicateClient.Message("aa.*")}]"
        );
        var taken = await client.SendAsync(
            HttpMethod.Post,
            "/messages",
            $"[{string.Join(',', Enumerable.Range(1, 20).Select(i => PredicateClient.Message($"aa.{i}")))}]"
        );
        var deliveries = new List<FakeReceivedDelivery>();
        for (var i = 0; i < 20; i++)
            deliveries.Add(await hub.NextDeliveryAsync(subscriber));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Created), (refused.Status, taken.Status));
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"aa.{i}"), deliveries.Select(d => (string?)JsonNode.Parse(d.Text)!["predicate"]));
        Assert.Equal(20, JsonNode.Parse(taken.Body)!.AsArray().Select(m => (string?)m!["reference"]).Distinct().Count());
    }

    [Fact]
    [Trait("Ref", "IG-10")]
    public async Task Post_ThatTheStorageRefuses_Is500_AndNothingIsDelivered()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("aa", subscriber.Callback());
        var db = hub.Services.GetRequiredService<HubDatabase>().Db;
        await db.WriteAsync(
            s => s.ExecuteAsync("alter table {messages} rename column status to gone"),
            TestContext.Current.CancellationToken
        );

        var answer = await client.SendAsync(HttpMethod.Post, "/messages", PredicateClient.Message("aa.lost"));
        await db.WriteAsync(
            s => s.ExecuteAsync("alter table {messages} rename column gone to status"),
            TestContext.Current.CancellationToken
        );
        await client.PostAsync("aa.kept");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Contains("Unable to post data to repository", answer.Body, StringComparison.Ordinal);
        Assert.Contains("aa.kept", delivery.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Ref", "IG-12")]
    public async Task Delivery_ThatFails_IsTriedAgain_AndHoldsUpNobodyElse()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("aa", subscriber.Callback("good"));
        await client.SubscribeAsync("aa", subscriber.Callback("bad"));
        subscriber.OnDelivery = d =>
            Task.FromResult(d.Target == "/bad" && subscriber.Deliveries.Count(e => e.Target == "/bad") < 3 ? 400 : 204);

        await client.PostAsync("aa.bb", "one");
        var deliveries = new List<FakeReceivedDelivery>();
        while (deliveries.Count < 4)
            deliveries.Add(await hub.NextDeliveryAsync(subscriber));

        Assert.Single(deliveries, d => d.Target == "/good");
        Assert.Single(deliveries.Where(d => d.Target == "/bad").Select(d => d.DeliveryId).Distinct());
    }

    [Fact]
    public async Task Post_BySomebodyElse_NeedsAKey_ReadingNeedsTheReference()
    {
        await using var hub = await StartHubAsync(o => o.ApiKeys["trader"] = "key");
        var stranger = new PredicateClient(hub) { IsRemote = true };
        var trader = new PredicateClient(hub) { IsRemote = true, Key = "key" };

        var refused = await stranger.SendAsync(HttpMethod.Post, "/messages", PredicateClient.Message("aa"));
        var wrong = await new PredicateClient(hub) { Key = "wrong" }.SendAsync(HttpMethod.Post, "/messages", PredicateClient.Message("aa"));
        var reference = (string)(await trader.PostAsync("aa"))["reference"]!;
        var patched = await stranger.ChangeStatusAsync(reference, "accepted");
        var read = await stranger.GetAsync($"/messages/{reference}");
        var guessed = await stranger.GetAsync($"/messages/{reference.ToUpperInvariant()}x");

        Assert.Equal(
            (401, 401, 401, 200, 404),
            ((int)refused.Status, (int)wrong.Status, (int)patched.Status, (int)read.Status, (int)guessed.Status)
        );
        Assert.Equal("generic-http-error", (string?)JsonNode.Parse(refused.Body)!["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Post_WithAnotherMediaType_Is415_AndTooMuchIs413()
    {
        await using var hub = await StartHubAsync(o => o.Publishing.MaxContentBytes = 1000);
        var client = new PredicateClient(hub);

        var form = await client.FormAsync("/messages", "sender=AU");
        var large = await client.SendAsync(HttpMethod.Post, "/messages", PredicateClient.Message("aa." + new string('x', 1000)));

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, HttpStatusCode.RequestEntityTooLarge), (form.Status, large.Status));
    }

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""[{"a":{"b\udc00":[]}}]""")]
    [InlineData("""{"sender":"AU","receiver":"CN","subject":"s","obj":"o","predicate":"a","x":"\ud800"}""")]
    [InlineData("""{"sender":"\ud800"}""")]
    [InlineData("""{"status":"\ud800"}""")]
    public async Task Post_WithHalfASurrogatePair_Is400(string body)
    {
        await using var hub = await StartHubAsync();
        var client = new PredicateClient(hub);

        var posted = await client.SendAsync(HttpMethod.Post, "/messages", body);
        var patched = await client.SendAsync(HttpMethod.Patch, $"/messages/{new string('a', 32)}", body);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (posted.Status, patched.Status));
    }

    [Fact]
    public async Task Refusal_OfAnything_RepeatsLittleOfIt_AndIsNoPage()
    {
        await using var hub = await StartHubAsync();
        var client = new PredicateClient(hub);
        var much = new string('x', 7000);
        var many = "[" + string.Join(',', Enumerable.Repeat("{\"a\":1}", 1000)) + "]";

        HttpResponseMessage[] answers =
        [
            await client.ExchangeAsync(HttpMethod.Get, $"/messages/{much}"),
            await client.ExchangeAsync(HttpMethod.Post, "/messages", new StringContent("x", new MediaTypeHeaderValue("text/" + much))),
            await client.ExchangeAsync(HttpMethod.Post, "/subscriptions", new StringContent("x", new MediaTypeHeaderValue("text/" + much))),
            await client.ExchangeAsync(HttpMethod.Post, "/messages", Json(many)),
            await client.ExchangeAsync(HttpMethod.Post, "/messages", Json($"{{\"status\":\"{much}\"}}")),
            await client.ExchangeAsync(HttpMethod.Patch, $"/messages/{much}", Json($"{{\"{much}\":1}}")),
            await client.ExchangeAsync(HttpMethod.Put, $"/messages/{much}", Json("{}")),
            await client.ExchangeAsync(HttpMethod.Get, $"/messages/{much}/{much[..900]}"),
        ];

        Assert.All(
            answers,
            a =>
            {
                Assert.Equal("nosniff", a.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.InRange(a.Content.Headers.ContentLength ?? 0, 0, 10_000);
            }
        );
        Assert.All(answers, a => a.Dispose());
    }

    private static StringContent Json(string text) => new(text, new MediaTypeHeaderValue("application/json"));

    [Fact]
    public async Task Message_IsForgottenAfterItsDays()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var hub = await HubHost.StartAsync(ConnectionString, time: time);
        var client = new PredicateClient(hub);
        var reference = (string)(await client.PostAsync("aa"))["reference"]!;
        var messages = hub.Services.GetRequiredService<MessageStore>();
        var day = TimeSpan.FromDays(1);
        var now = WebSub.Storage.DatabaseTime.Now(time);

        var early = await messages.SweepAsync(now - day, 10, TestContext.Current.CancellationToken);
        var late = await messages.SweepAsync(now + day, 10, TestContext.Current.CancellationToken);

        Assert.Equal((0, 1), (early, late));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/messages/{reference}")).Status);
    }

    public sealed class OnSqlite() : MessagesTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : MessagesTests(server);
}
