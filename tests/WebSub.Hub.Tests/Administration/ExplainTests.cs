using System.Net;
using System.Text.Json.Nodes;
using WebSub.Hub.Tests.Predicates;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>Scripted mishaps, and what the hub says about each: what really happened, as its peers saw it.</summary>
public abstract class ExplainTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnknownTopic_IsSaidToBeUnknown_AndNamesTheOneThatItMayBe()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        var unknown = await ExplainAsync(hub, "https://other.example/", subscriber.Callback());
        var similar = await ExplainAsync(hub, "http://publisher.example/feed/", subscriber.Callback());

        Assert.Equal("unknownTopic", Verdict(unknown));
        Assert.Equal("unknownTopic", Verdict(similar));
        Assert.Contains($"it has {Topic}:", Summary(similar), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NeverSubscribed_IsSaid_AndTheQueryOfTheCallbackIsNot()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        var said = await ExplainAsync(hub, Topic, subscriber.Callback() + "?token=hidden");

        Assert.Equal("neverSubscribed", Verdict(said));
        Assert.DoesNotContain("hidden", said.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallbackThatCannotConfirm_IsNamedWithItsAnswer_AndTheNextAttempt()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnVerification = _ => Task.FromResult<int?>(503);
        using (await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback()))
            await hub.UntilAsync("select count(*) from {requests} where attempts > 0 and claimed_by is null");

        var said = await ExplainAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("notVerified", Verdict(said));
        Assert.Contains("503", Summary(said), StringComparison.Ordinal);
        Assert.NotNull(said["steps"]![0]!["nextAttempt"]);
    }

    [Fact]
    public async Task CallbackThatDoesNotConfirm_IsNamedWithItsAnswer()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnVerification = _ => Task.FromResult<int?>(404);
        var over = hub.ChangedAsync(WebSubHubChangeKind.NotConfirmed, subscriber.Callback());
        using (await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback()))
            await over;

        var said = await ExplainAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("notConfirmed", Verdict(said));
        Assert.Contains("404", Summary(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenewalThatIsNotConfirmed_IsAStep_AndTheSubscriptionStillHolds()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        subscriber.OnVerification = _ => Task.FromResult<int?>(404);
        var over = hub.ChangedAsync(WebSubHubChangeKind.NotConfirmed, subscriber.Callback());
        using (await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback()))
            await over;

        var said = await ExplainAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("nothingPublished", Verdict(said));
        Assert.Contains(said["steps"]!.AsArray(), s => (string?)s!["kind"] == "renewal");
    }

    [Fact]
    public async Task Unsubscribed_IsSaid()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.UnsubscribeAsync(Topic, subscriber.Callback());

        Assert.Equal("unsubscribed", Verdict(await ExplainAsync(hub, Topic, subscriber.Callback())));
    }

    [Theory]
    [InlineData("revoke", "revoked")]
    [InlineData("delete", "deleted")]
    public async Task SubscriptionThatAnOperatorEnded_IsSaidWithTheReason(string how, string verdict)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var path = $"subscriptions/{(await hub.ListAsync("subscriptions"))[0]["id"]}";
        var reason = new { reason = "Unpaid since May." };

        if (how == "revoke")
            await hub.ActAsync(path + "/revoke", reason);
        else
            await hub.ActAsync(path, reason, HttpMethod.Delete);
        var said = await ExplainAsync(hub, Topic, subscriber.Callback());
        await hub.UntilAsync("select 1 where not exists (select 1 from {requests})");
        var later = await ExplainAsync(hub, Topic, subscriber.Callback());

        Assert.Equal((verdict, verdict), (Verdict(said), Verdict(later)));
        Assert.Contains("Unpaid since May.", Summary(later), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeaseThatEnded_IsSaid_WhileTheRowIsThere()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.Db.WriteAsync(s => s.ExecuteAsync("update {subscriptions} set lease_end = 1, verified_at = 0"), Cancelled);

        var said = await ExplainAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("leaseEnded", Verdict(said));
    }

    [Fact]
    public async Task CallbackThatAnswered410_IsSaid()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(410);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select 1 where not exists (select 1 from {subscriptions})");

        Assert.Equal("gone", Verdict(await ExplainAsync(hub, Topic, subscriber.Callback())));
    }

    [Theory]
    [InlineData("topic")]
    [InlineData("origin")]
    [InlineData("subscription")]
    public async Task Pause_IsSaid_WithWhatIsPaused_AndHowMuchWaits(string what)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var path = what switch
        {
            "topic" => $"topics/{(await hub.ListAsync("topics"))[0]["id"]}/pause",
            "origin" => "origins/pause",
            _ => $"subscriptions/{(await hub.ListAsync("subscriptions"))[0]["id"]}/pause",
        };
        await hub.ActAsync(
            path,
            what == "origin" ? new { origin = new Uri(subscriber.Callback()).GetLeftPart(UriPartial.Authority) } : null
        );
        await hub.PublishAsync(Topic, "first");

        var said = await ExplainAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("paused", Verdict(said));
        Assert.Contains(what, Summary(said), StringComparison.Ordinal);
        Assert.Contains("1 update wait", Summary(said), StringComparison.Ordinal);
        Assert.Empty(subscriber.Deliveries);
    }

    [Fact]
    public async Task TopicThatCannotBeFetched_IsSaidWithItsAnswer()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var peer = new ScriptedPeer((_, _) => ScriptedPeer.Answer("500 Internal Server Error", []));
        var topic = peer.Origin + "/feed";
        await hub.SubscribeAsync(topic, subscriber.Callback());
        await PingAsync(hub, topic);
        await hub.UntilAsync("select count(*) from {topics} where failures > 0 and claimed_by is null");

        var said = await ExplainAsync(hub, topic, subscriber.Callback());

        Assert.Equal("fetchFailed", Verdict(said));
        Assert.Contains("500", Summary(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TopicThatDidNotChange_IsSaidToBeUnchanged()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var peer = new ScriptedPeer(
            (_, _) => ScriptedPeer.Answer("200 OK\nContent-Type: text/plain\nContent-Length: 4", "same"u8.ToArray())
        );
        var topic = peer.Origin + "/feed";
        await hub.SubscribeAsync(topic, subscriber.Callback());
        await PingAsync(hub, topic);
        await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(Settled(1));
        await PingAsync(hub, topic);
        await hub.UntilAsync("select count(*) from {topics} where fetched_at >= pinged_at and due is null and pings > 1");

        var said = await ExplainAsync(hub, topic, subscriber.Callback());

        Assert.Equal("unchanged", Verdict(said));
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task SubscriberThatIsBehind_IsSaid_WithItsAnswerAndTheNextAttempt()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(502);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 502 and claimed_by is null");

        var said = await ExplainAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("behind", Verdict(said));
        Assert.Contains("502", Summary(said), StringComparison.Ordinal);
        var attempt = said["steps"]!.AsArray().Single(s => (string?)s!["kind"] == "attempt")!;
        Assert.Equal((subscriber.Deliveries[0].DeliveryId, 502), ((string?)attempt["deliveryId"], (int?)attempt["status"]));
        Assert.NotNull(attempt["nextAttempt"]);
    }

    [Fact]
    public async Task UpdateThatWasGivenUp_IsSaidWithItsAnswer()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(418);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select count(*) from {dead_letters}");
        await hub.UntilAsync(Settled(1));

        var said = await ExplainAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("deadLettered", Verdict(said));
        Assert.Contains("418", Summary(said), StringComparison.Ordinal);
        Assert.Contains(subscriber.Deliveries[0].DeliveryId!, Summary(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UpdateThatWasDelivered_IsSaidWithItsId()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        var delivery = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(Settled(1));

        var said = await ExplainAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("delivered", Verdict(said));
        Assert.Contains(delivery.DeliveryId!, Summary(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubscriberThatCameLater_IsSaidToHaveMissedNothing()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.PublishAsync(Topic, "first");
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        Assert.Equal("nothingSince", Verdict(await ExplainAsync(hub, Topic, subscriber.Callback())));
    }

    [Fact]
    public async Task MessageThatNoTopicOfTheCallbackCovers_IsSaidToBeFiltered()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var other = await FakeSubscriber.StartAsync();
        var messages = new PredicateClient(hub);
        await messages.SubscribeAsync("aa.bb", subscriber.Callback());
        await messages.SubscribeAsync("*", other.Callback());
        await messages.PostAsync("aa.cc");
        await hub.NextDeliveryAsync(other);

        var filtered = await ExplainAsync(hub, "aa.cc", subscriber.Callback());
        var above = await ExplainAsync(hub, "aa", subscriber.Callback());
        var nobody = await ExplainAsync(hub, "aa.cc", subscriber.Callback("another"));

        Assert.Equal(("filtered", "filtered", "neverSubscribed"), (Verdict(filtered), Verdict(above), Verdict(nobody)));
        Assert.Contains("subscribed to aa.bb, which does not cover aa.cc", Summary(filtered), StringComparison.Ordinal);
        Assert.Contains("Of aa the callback is subscribed to aa.bb only", Summary(above), StringComparison.Ordinal);
        Assert.Empty(subscriber.Deliveries);
    }

    [Fact]
    public async Task Message_IsExplained_FromItsDelivery_ToTheEndOfTheSubscription()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var messages = new PredicateClient(hub);
        await messages.SubscribeAsync("aa.*", subscriber.Callback());
        var before = await ExplainAsync(hub, "aa.bb", subscriber.Callback());
        await messages.PostAsync("aa.bb");
        var delivery = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(Settled(1));
        var delivered = await ExplainAsync(hub, "aa.bb", subscriber.Callback());
        subscriber.OnDelivery = _ => Task.FromResult(503);
        await messages.PostAsync("aa.bb.cc");
        await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 503 and claimed_by is null");
        var behind = await ExplainAsync(hub, "AA.BB", subscriber.Callback());
        await messages.UnsubscribeAsync("aa.*", subscriber.Callback());
        var ended = await ExplainAsync(hub, "aa", subscriber.Callback());

        Assert.Equal(
            ("nothingSince", "delivered", "behind", "unsubscribed"),
            (Verdict(before), Verdict(delivered), Verdict(behind), Verdict(ended))
        );
        Assert.Contains(delivery.DeliveryId!, Summary(delivered), StringComparison.Ordinal);
        Assert.Contains("503", Summary(behind), StringComparison.Ordinal);
        Assert.Contains(subscriber.Deliveries[^1].DeliveryId!, Summary(behind), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain?topic=x", "callback")]
    [InlineData("explain?callback=x", "topic")]
    public async Task Question_WithoutATopicOrACallback_IsRefused(string path, string field)
    {
        await using var hub = await StartHubAsync();

        using var answer = await hub.AskAsync(HttpMethod.Get, path);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;

        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, (string?)problem["field"]));
    }

    private static string Settled(long sequence) =>
        "select 1 where not exists (select 1 from {subscriptions} s join {lanes} l on l.id = s.lane_id "
        + "where coalesce(s.position, l.cursor) < "
        + $"{sequence})";

    private static string Verdict(JsonNode explanation) => (string)explanation["verdict"]!;

    private static string Summary(JsonNode explanation) => (string)explanation["summary"]!;

    private static async Task PingAsync(HubHost hub, string topic)
    {
        using var answer = await hub.PostAsync(new HubFields().Add(HubParameters.Mode, HubModes.Publish).Add(HubParameters.Url, topic));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task<JsonNode> ExplainAsync(HubHost hub, string topic, string callback)
    {
        var path = $"explain?topic={Uri.EscapeDataString(topic)}&callback={Uri.EscapeDataString(callback)}";
        using var answer = await hub.AskAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;
    }

    public sealed class OnSqlite() : ExplainTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : ExplainTests(server);
}
