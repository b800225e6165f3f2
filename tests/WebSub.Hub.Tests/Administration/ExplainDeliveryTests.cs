using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Storage;
using WebSub.Hub.Tests.Predicates;
using WebSub.Hub.Values;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>
/// Scripted mishaps of topics and deliveries, and what the hub says about each: what really happened, as its peers saw it.
/// </summary>
public abstract class ExplainDeliveryTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";
    private const string NewestWas = "The newest update is ID/1, published at TIME.";
    private const string Unsubscribed = "The subscription ended at TIME: the subscriber unsubscribed.";
    private const string NotDelivered = "had not been delivered by then, as far as is recorded; answers of the last second may not be.";
    private const string Confirmed = "The callback confirmed the subscription at TIME; its lease ends at TIME.";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("500 Internal Server Error\nContent-Length: 0", "The topic answered 500.")]
    [InlineData("404 Not Found\nContent-Length: 0", "The topic answered 404.")]
    [InlineData("200 OK\nContent-Length: 5", "The topic's content is larger than 4 bytes (WebSub:Hub:Publishing:MaxContentBytes).")]
    [InlineData(
        "200 OK\nContent-Encoding: sdch\nContent-Length: 5",
        "The topic answered with the Content-Encoding sdch, which was not requested."
    )]
    public async Task TopicThatCannotBeFetched_IsSaidWithItsAnswer_AndTheNextFetch(string head, string why)
    {
        await using var hub = await StartHubAsync(o =>
        {
            o.Publishing.MaxContentBytes = 4;
            o.Publishing.FetchRetryDelays = [TimeSpan.FromHours(1)];
        });
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var peer = new ScriptedPeer(
            (_, _) => ScriptedPeer.Answer(head, head.Contains("200", StringComparison.Ordinal) ? "12345"u8.ToArray() : [])
        );
        var topic = peer.Origin + "/feed";
        await hub.SubscribeAsync(topic, subscriber.Callback());
        await PingAsync(hub, topic);
        await hub.UntilAsync("select count(*) from {topics} where failures > 0 and claimed_by is null");

        var said = await Explained.AskAsync(hub, topic, subscriber.Callback());

        Assert.Equal(
            ("fetchFailed", $"There is no update: the topic could not be fetched. {why} It is fetched at TIME."),
            (said.Verdict, said.Summary)
        );
        Assert.Equal(
            [
                ("subscription", Confirmed),
                ("publish", "The topic was last pinged at TIME."),
                ("fetch", $"It could not be fetched at TIME. {why}"),
            ],
            said.Steps
        );
        Assert.InRange(
            said.Of("fetch").NextAttempt!.Value,
            said.Of("fetch").At!.Value.AddMinutes(59),
            said.Of("fetch").At!.Value.AddMinutes(61)
        );
        Assert.Empty(subscriber.Deliveries);
        Assert.Single(peer.Requests);
    }

    [Fact]
    public async Task TopicThatDidNotChange_IsSaidToBeUnchanged()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", "same");
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        await PingAsync(hub, publisher.Url());
        await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(Settled(1));
        await PingAsync(hub, publisher.Url());
        await hub.UntilAsync("select count(*) from {topics} where fetched_at >= pinged_at and due is null and pings > 1");

        var said = await Explained.AskAsync(hub, publisher.Url(), subscriber.Callback());

        Assert.Equal("unchanged", said.Verdict);
        Assert.Equal(
            "Update ID/1 was delivered, by TIME. The topic was pinged again at TIME and fetched at TIME, but its content was still "
                + "the same.",
            said.Summary
        );
        Assert.Equal((2, 1), (publisher.Fetches.Count, subscriber.Deliveries.Count));
    }

    [Fact]
    public async Task TopicThatWaitsForItsFetch_IsSaid_AndTheTimeOfThat()
    {
        await using var hub = await StartHubAsync(o => o.Publishing.MinFetchInterval = TimeSpan.FromHours(1));
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", "first");
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        await PingAsync(hub, publisher.Url());
        await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(Settled(1));
        publisher.Set("feed", "second");
        await PingAsync(hub, publisher.Url());

        var said = await Explained.AskAsync(hub, publisher.Url(), subscriber.Callback());

        Assert.Equal("fetchWaiting", said.Verdict);
        Assert.Equal("Update ID/1 was delivered, by TIME. The topic was pinged again at TIME. It is fetched at TIME.", said.Summary);
        Assert.Equal(said.Of("fetch").At!.Value.AddHours(1), said.Of("fetch").NextAttempt!.Value);
        Assert.Single(publisher.Fetches);
    }

    [Fact]
    public async Task FeedInWhichNothingIsNew_IsSaidNotToHaveBeenSent_ToWhoTakesDifferences()
    {
        static string Feed(string updated) =>
            $"<feed xmlns='http://www.w3.org/2005/Atom'><updated>{updated}</updated><entry><id>1</id><title>One</title></entry></feed>";
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var full = await FakeSubscriber.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", FakeResource.FromString(Feed("2026-11-01T00:00:00Z"), "application/atom+xml"));
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        await hub.SubscribeAsync(publisher.Url(), full.Callback(), extra: (HubParameters.Content, "full"));
        await PingAsync(hub, publisher.Url());
        await hub.NextDeliveryAsync(full);
        await hub.UntilAsync(Settled(1));
        publisher.Set("feed", FakeResource.FromString(Feed("2026-11-02T00:00:00Z"), "application/atom+xml"));
        await PingAsync(hub, publisher.Url());
        await hub.NextDeliveryAsync(full);
        await hub.UntilAsync(Settled(2));

        var said = await Explained.AskAsync(hub, publisher.Url(), subscriber.Callback());
        var ofFull = await Explained.AskAsync(hub, publisher.Url(), full.Callback());

        Assert.Equal(("nothingNew", "delivered"), (said.Verdict, ofFull.Verdict));
        Assert.Equal(
            "Update ID/2 has no entry that is new or changed, so nothing of it is sent to a subscriber that takes differences "
                + "(hub.content=diff, the default for feeds).",
            said.Summary
        );
        Assert.Equal((1, 2), (subscriber.Deliveries.Count, full.Deliveries.Count));
    }

    [Theory]
    [InlineData("topic", "its topic")]
    [InlineData("origin", "its origin")]
    [InlineData("subscription", "this subscription")]
    public async Task Pause_IsSaid_WithWhatIsPaused_AndHowMuchWaits(string what, string called)
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

        var one = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "second");
        var two = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal(("paused", $"Update ID/1 waits. An operator has paused {called}."), (one.Verdict, one.Summary));
        Assert.Equal(
            $"Update ID/2 waits; 2 updates have yet to be delivered, the first of them ID/1. An operator has paused {called}.",
            two.Summary
        );
        Assert.Equal(
            [
                ("subscription", Confirmed),
                ("pause", $"An operator has paused {called}."),
                ("log", "The newest update is ID/2, published at TIME."),
            ],
            two.Steps
        );
        Assert.Empty(subscriber.Deliveries);
    }

    [Fact]
    public async Task SubscriberThatIsBehind_IsSaid_WithItsAnswerAndTheNextAttempt()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromSeconds(50)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(502);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 502 and claimed_by is null");

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        const string Failed = "The last attempt failed at TIME. The callback answered 502.";
        Assert.Equal(("behind", $"Update ID/1 waits. {Failed} The next attempt is due at TIME."), (said.Verdict, said.Summary));
        Assert.Equal([("subscription", Confirmed), ("log", NewestWas), ("attempt", Failed)], said.Steps);
        var attempt = said.Of("attempt");
        Assert.Equal((subscriber.Deliveries[0].DeliveryId, 502), (attempt.DeliveryId, attempt.Status));
        Assert.InRange(attempt.NextAttempt!.Value, attempt.At!.Value.AddSeconds(39), attempt.At!.Value.AddSeconds(61));
        Assert.Single(subscriber.Deliveries);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task SubscriberThatAsksForAPause_IsSaid_WithThePause(int status)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(status);
        subscriber.DeliveryAnswerHeaders["Retry-After"] = "3600";
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync($"select count(*) from {{subscriptions}} where last_status = {status} and claimed_by is null");

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("behind", said.Verdict);
        Assert.Equal(
            $"Update ID/1 waits. The last attempt failed at TIME. The callback answered {status}. It asked for a pause until TIME. Pauses "
                + "that a callback asks for do not count as failed attempts. The next attempt is due at TIME.",
            said.Summary
        );
        var attempt = said.Of("attempt");
        Assert.InRange(attempt.NextAttempt!.Value, attempt.At!.Value.AddMinutes(59), attempt.At!.Value.AddMinutes(61));
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task AttemptThatIsUnderWay_IsSaid()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.Straggler = TimeSpan.FromMilliseconds(50));
        await using var subscriber = await FakeSubscriber.StartAsync();
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        subscriber.OnDelivery = _ => answer.Task;
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select count(*) from {subscriptions} where position is not null and claimed_by is not null");

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        answer.SetResult(200);

        Assert.Equal(("behind", "Update ID/1 waits. An attempt is under way."), (said.Verdict, said.Summary));
    }

    [Fact]
    public async Task OriginThatDoesNotAnswer_IsSaid_OnceItsCircuitIsOpen()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => o.Delivery.RetryDelays = [TimeSpan.FromSeconds(40), TimeSpan.FromDays(5)],
            clock
        );
        string callback;
        await using (var subscriber = await FakeSubscriber.StartAsync())
        {
            callback = subscriber.Callback();
            await hub.SubscribeAsync(Topic, callback);
        }

        await hub.PublishAsync(Topic, "first");
        var before = await Explained.AskAsync(hub, Topic, callback);
        await clock.AdvanceUntilAsync(
            hub.UntilAsync("select count(*) from {subscriptions} where attempts >= 2"),
            TimeSpan.FromSeconds(0.25)
        );

        var said = await Explained.AskAsync(hub, Topic, callback);

        const string Silence =
            "Nothing has answered at ORIGIN for half a minute or more, so only single attempts are made there until one is answered.";
        Assert.Equal("behind", said.Verdict);
        Assert.DoesNotContain("Nothing has answered", before.Summary, StringComparison.Ordinal);
        Assert.Contains(Silence, said.Summary, StringComparison.Ordinal);
        Assert.Contains(("origin", Silence), said.Steps);
    }

    [Fact]
    public async Task UpdateThatWasGivenUp_IsSaidWithItsAnswer()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await GiveUpAsync(hub, subscriber);

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        const string GivenUp = "Update ID/1 was given up at TIME, having been tried once. The callback answered 418.";
        Assert.Equal(("deadLettered", GivenUp), (said.Verdict, said.Summary));
        Assert.Equal([("subscription", Confirmed), ("deadLetter", GivenUp), ("log", NewestWas)], said.Steps);
        Assert.Equal((subscriber.Deliveries[0].DeliveryId, 418), (said.Of("deadLetter").DeliveryId, said.Of("deadLetter").Status));
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task UpdateThatWasGivenUp_IsStillSaidToBe_OnceItsDeadLetterIsDeleted()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await GiveUpAsync(hub, subscriber);
        await hub.ActAsync($"dead-letters/{(await hub.ListAsync("dead-letters"))[0]["id"]}", method: HttpMethod.Delete);

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        const string Deleted = "Update ID/1 was given up. An operator deleted its dead letter at TIME.";
        Assert.Equal(("deadLettered", Deleted), (said.Verdict, said.Summary));
        Assert.Equal([("subscription", Confirmed), ("log", NewestWas), ("deadLetter", Deleted)], said.Steps);
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task UpdateThatWasGivenUp_IsStillSaidToBe_OnceItsDeadLetterHasBeenKeptLongEnough()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await GiveUpAsync(hub, subscriber);
        var (leftovers, now) = (hub.Services.GetRequiredService<LeftoverStore>(), DatabaseTime.Now(TimeProvider.System));
        var dropped = await leftovers.DropDeadLettersAsync(now + TimeSpan.FromDays(1), 10, now, Cancelled);

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal(1, dropped);
        Assert.Equal(
            ("deadLettered", "Update ID/1 was given up. Its dead letter was removed at TIME, after WebSub:Hub:History:Days."),
            (said.Verdict, said.Summary)
        );
    }

    [Fact]
    public async Task UpdateThatWasGivenUpAndSentAgain_IsSaidToBeDelivered_AtThatTime()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await GiveUpAsync(hub, subscriber);
        subscriber.OnDelivery = _ => Task.FromResult(200);
        var before = TimeProvider.System.GetUtcNow().AddMilliseconds(-1);
        await hub.ActAsync($"dead-letters/{(await hub.ListAsync("dead-letters"))[0]["id"]}/redeliver");
        await hub.UntilAsync("select 1 where not exists (select 1 from {dead_letters})");

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        const string Delivered = "Update ID/1 was given up at first, sent again, and delivered at TIME.";
        Assert.Equal(("delivered", Delivered), (said.Verdict, said.Summary));
        Assert.Contains(("delivery", Delivered), said.Steps);
        Assert.InRange(said.Of("delivery").At!.Value, before, TimeProvider.System.GetUtcNow());
        Assert.Equal(2, subscriber.Deliveries.Count);
    }

    [Fact]
    public async Task UpdateThatWasDelivered_IsStillSaidToBe_AfterAReplayOfItFailed_WhichIsTold()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(Settled(1));
        subscriber.OnDelivery = _ => Task.FromResult(500);
        var told = hub.ChangedAsync(WebSubHubChangeKind.UpdateGivenUp, subscriber.Callback());
        await hub.ActAsync($"subscriptions/{(await hub.ListAsync("subscriptions"))[0]["id"]}/replay", new { from = 1 });
        await told;

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        var letter = (await hub.ListAsync("dead-letters"))[0];
        await hub.ActAsync($"dead-letters/{letter["id"]}", method: HttpMethod.Delete);
        var later = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.True((bool)letter["isOfReplay"]!);
        Assert.Equal(("delivered", "Update ID/1 was delivered, by TIME."), (said.Verdict, said.Summary));
        Assert.Contains(
            ("deadLetter", "A replay of update ID/1 was given up at TIME, having been tried once. The callback answered 500."),
            said.Steps
        );
        Assert.Equal("delivered", later.Verdict);
    }

    [Fact]
    public async Task UpdateThatWaits_IsSaidToBeDelivered_OnceAReplayHasDeliveredIt()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(500);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 500");
        subscriber.OnDelivery = _ => Task.FromResult(200);
        await hub.ActAsync($"subscriptions/{(await hub.ListAsync("subscriptions"))[0]["id"]}/replay", new { from = 1 });
        await hub.UntilAsync("select count(*) from {past_letters}");

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        const string Delivered = "Update ID/1 was delivered at TIME by a replay. It also waits for its turn, and is then sent once more.";
        Assert.Equal(("delivered", Delivered), (said.Verdict, said.Summary));
        Assert.Equal(2, subscriber.Deliveries.Count);
    }

    [Fact]
    public async Task UpdateThatIsOlderThanWhatIsRecorded_IsNotSaidToBeDelivered()
    {
        await using var hub = await StartHubAsync(o => o.History.Days = 7);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(Settled(1));
        foreach (var (days, column) in new[] { (20, "{subscriptions} set created_at"), (15, "{entries} set published_at") })
        {
            var at = DatabaseTime.Now(TimeProvider.System) - TimeSpan.FromDays(days);
            await hub.Db.WriteAsync(s => s.ExecuteAsync($"update {column} = @at", new { at }), Cancelled);
        }

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("notKept", said.Verdict);
        Assert.Equal(
            "Update ID/1 was published at TIME and has had its turn; it is no longer recorded whether it was delivered or given up.",
            said.Summary
        );
    }

    [Fact]
    public async Task UpdateThatGoesOutWithALane_IsSaidToBePending_WithTheLaneAndItsHolder()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.Straggler = o.Delivery.Timeout);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(
            "select count(*) from {lanes} l join {subscriptions} s on s.lane_id = l.id where l.cursor = 1 and s.due is null"
        );
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        subscriber.OnDelivery = _ => answer.Task;
        await hub.PublishAsync(Topic, "second");
        await hub.NextDeliveryAsync(subscriber);

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        var listed = (await hub.ListAsync("subscriptions"))[0]["state"];
        answer.SetResult(200);

        var node = (string)(await hub.ListAsync("nodes"))[0]["name"]!;
        var holder = hub.Db.Dialect == SqlDialect.PostgreSql ? $", which node {node} holds" : "";
        var lane =
            $"It goes out with lane 1 of the topic (1 subscription){holder}. By what is saved, its "
            + "subscriptions have had all up to ID/1; that is saved every second.";
        Assert.Equal(("pending", $"Update ID/2 waits. {lane}"), (said.Verdict, said.Summary));
        Assert.Equal("active", (string)listed!);
        Assert.Contains(("lane", lane), said.Steps);
    }

    [Fact]
    public async Task UpdateThatWasDelivered_IsSaidWithItsId_AndAnyOlderOneToo()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        var first = await hub.NextDeliveryAsync(subscriber);
        await hub.PublishAsync(Topic, "second");
        var second = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(Settled(2));

        var newest = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        var byId = await Explained.AskAsync(hub, Topic, subscriber.Callback(), first.DeliveryId);
        var byNumber = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "1");
        var toCome = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "3");

        Assert.Equal(("delivered", "Update ID/2 was delivered, by TIME."), (newest.Verdict, newest.Summary));
        Assert.Equal(("delivered", "Update ID/1 was delivered, by TIME."), (byId.Verdict, byId.Summary));
        Assert.Equal(byId.Json, byNumber.Json);
        Assert.Equal(("noSuchUpdate", "The topic has no update ID/3. Its newest is ID/2."), (toCome.Verdict, toCome.Summary));
        Assert.Equal((second.DeliveryId, first.DeliveryId), (newest.Of("delivery").DeliveryId, byId.Of("delivery").DeliveryId));
        Assert.True(newest.Of("delivery").At >= newest.Of("log").At);
    }

    [Fact]
    public async Task UpdateOfAnotherTopic_IsRefused()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        using var answer = await hub.AskAsync(
            HttpMethod.Get,
            $"explain?topic={Uri.EscapeDataString(Topic)}&callback={Uri.EscapeDataString(subscriber.Callback())}&update=0123456789abcdef/1"
        );

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"field\":\"update\"", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubscriberThatCameLater_IsSaidToHaveMissedNothing_UnlessItAskedForTheCurrentContent()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var curious = await FakeSubscriber.StartAsync();
        await hub.PublishAsync(Topic, "first");
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.SubscribeAsync(Topic, curious.Callback(), extra: (HubParameters.Initial, "true"));
        await hub.NextDeliveryAsync(curious);
        await hub.UntilAsync(HubHost.AllSettled);

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        var ofCurious = await Explained.AskAsync(hub, Topic, curious.Callback());

        Assert.Equal("beforeSubscription", said.Verdict);
        Assert.Equal(
            "Update ID/1 was published at TIME, before the subscription began at TIME. Nothing has been published since.",
            said.Summary
        );
        Assert.Equal(("delivered", "Update ID/1 was delivered, by TIME."), (ofCurious.Verdict, ofCurious.Summary));
        Assert.Empty(subscriber.Deliveries);
    }

    [Fact]
    public async Task SubscriberThatTakesTheNewestOnly_IsSaid_OfWhatItMayHavePassedOver()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback(), extra: (HubParameters.Delivery, "latest"));
        var path = $"subscriptions/{(await hub.ListAsync("subscriptions"))[0]["id"]}/";
        await hub.ActAsync(path + "pause");
        await hub.PublishAsync(Topic, "first");
        await hub.PublishAsync(Topic, "second");
        await hub.ActAsync(path + "resume");
        var delivery = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(HubHost.AllSettled);

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "1");

        Assert.Equal("latestOnly", said.Verdict);
        Assert.Equal(
            "The subscriber takes only the newest update when it is behind (hub.delivery=latest). It has had ID/2; whether it was also "
                + "sent 1 is not recorded.",
            said.Summary
        );
        Assert.Equal("second", delivery.Text);
    }

    [Fact]
    public async Task UpdateThatTheLogNoLongerHas_IsSaidToHaveBeenRemoved()
    {
        await using var hub = await StartHubAsync(o => (o.History.Entries, o.History.MaxBacklog) = (1, 2));
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.ActAsync($"subscriptions/{(await hub.ListAsync("subscriptions"))[0]["id"]}/pause");
        for (var i = 1; i <= 5; i++)
            await hub.PublishAsync(Topic, $"{i}");
        await PruneAsync(hub);

        var lost = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "2");
        var waiting = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("deadLettered", lost.Verdict);
        Assert.Equal(
            "Updates ID/1 to 3 were given up at TIME. Removed from the log before it was delivered (WebSub:Hub:History:MaxBacklog).",
            lost.Summary
        );
        Assert.Contains(("log", "Update ID/2 is no longer kept."), lost.Steps);
        Assert.Equal(
            (
                "paused",
                "Update ID/5 waits; 2 updates have yet to be delivered, the first of them ID/4. An operator has paused this subscription."
            ),
            (waiting.Verdict, waiting.Summary)
        );
        Assert.Empty(subscriber.Deliveries);
    }

    [Fact]
    public async Task UpdateThatWasDelivered_AndIsNoLongerKept_IsNotGuessedAt()
    {
        await using var hub = await StartHubAsync(o => o.History.Entries = 1);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.PublishAsync(Topic, "second");
        await hub.UntilAsync(Settled(2));
        await PruneAsync(hub);

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "1");

        Assert.Equal("notKept", said.Verdict);
        Assert.Equal(
            "Update ID/1 is no longer kept, and it is not recorded whether it came before the subscription began or was delivered; it was "
                + "not given up in the time for which dead letters are kept.",
            said.Summary
        );
    }

    [Fact]
    public async Task Message_IsExplained_FromItsDelivery_ToTheEndOfTheSubscription()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var messages = new PredicateClient(hub);
        await messages.SubscribeAsync("aa.*", subscriber.Callback());
        var before = await Explained.AskAsync(hub, "aa.bb", subscriber.Callback());
        await messages.PostAsync("aa.bb");
        var delivery = await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync(Settled(1));
        var delivered = await Explained.AskAsync(hub, "aa.bb", subscriber.Callback());
        subscriber.OnDelivery = _ => Task.FromResult(503);
        await messages.PostAsync("aa.bb.cc");
        await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 503 and claimed_by is null");
        var behind = await Explained.AskAsync(hub, "AA.BB", subscriber.Callback());
        await messages.UnsubscribeAsync("aa.*", subscriber.Callback());
        var ended = await Explained.AskAsync(hub, "aa", subscriber.Callback());
        var asked = await Explained.AskAsync(hub, "aa.bb", subscriber.Callback(), "1");

        Assert.Equal(
            ("nothingPublished", "No message of aa.bb has come since the callback subscribed at TIME, or none is still kept."),
            (before.Verdict, before.Summary)
        );
        Assert.Equal(("delivered", "Message ID/1 was delivered, by TIME."), (delivered.Verdict, delivered.Summary));
        Assert.Equal(delivery.DeliveryId, delivered.Of("delivery").DeliveryId);
        Assert.Equal(
            (
                "behind",
                "Message ID/2 waits for its turn. The last attempt failed at TIME. The callback answered 503. The next attempt "
                    + "is due at TIME."
            ),
            (behind.Verdict, behind.Summary)
        );
        Assert.Equal(("unsubscribed", $"{Unsubscribed} Message ID/2 {NotDelivered}"), (ended.Verdict, ended.Summary));
        Assert.Equal(("delivered", $"Message ID/1 was delivered, by TIME. {Unsubscribed}"), (asked.Verdict, asked.Summary));
    }

    [Fact]
    public async Task UpdateThatWasDelivered_IsStillSaidToBe_OnceTheSubscriptionHasEnded()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var other = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.SubscribeAsync(Topic, other.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync(Settled(1));
        await hub.UnsubscribeAsync(Topic, subscriber.Callback());
        var newest = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "second");

        var first = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "1");
        var second = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var again = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "1");

        const string Delivered = "Update ID/1 was delivered, by TIME.";
        Assert.Equal(("unsubscribed", $"{Unsubscribed} {Delivered}"), (newest.Verdict, newest.Summary));
        Assert.Equal(("delivered", $"{Delivered} {Unsubscribed}"), (first.Verdict, first.Summary));
        Assert.Equal(subscriber.Deliveries[0].DeliveryId, first.Of("delivery").DeliveryId);
        Assert.Equal(("unsubscribed", Unsubscribed), (second.Verdict, second.Summary));
        Assert.Equal("delivered", again.Verdict);
        Assert.Equal(
            "Update ID/1 was published at TIME, before the subscription began at TIME. Of the subscription that ended at TIME: "
                + Delivered,
            again.Summary
        );
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task UpdateThatWasGivenUp_IsStillSaidToBe_OnceTheSubscriptionHasEnded_AndItsDeadLetterIsDeleted()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await GiveUpAsync(hub, subscriber);
        await hub.UnsubscribeAsync(Topic, subscriber.Callback());

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "1");
        await hub.ActAsync($"dead-letters/{(await hub.ListAsync("dead-letters"))[0]["id"]}", method: HttpMethod.Delete);
        await hub.UntilAsync("select 1 where not exists (select 1 from {dead_letters})");
        var later = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "1");

        Assert.Equal(("deadLettered", "deadLettered"), (said.Verdict, later.Verdict));
        Assert.Equal($"Update ID/1 was given up at TIME, having been tried once. The callback answered 418. {Unsubscribed}", said.Summary);
        Assert.Equal($"Update ID/1 was given up. An operator deleted its dead letter at TIME. {Unsubscribed}", later.Summary);
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task UpdateThatWaited_WhenTheSubscriptionEnded_IsSaidNotToHaveBeenDelivered()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(503);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 503 and claimed_by is null");
        await hub.UnsubscribeAsync(Topic, subscriber.Callback());

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback(), "1");

        Assert.Equal(("unsubscribed", $"Update ID/1 {NotDelivered} {Unsubscribed}"), (said.Verdict, said.Summary));
        Assert.Equal([("end", "At TIME the subscriber unsubscribed."), ("log", "Update ID/1 was published at TIME.")], said.Steps);
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task MessageThatWasGivenUp_IsSaid_AlsoAfterOthers()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(418);
        var messages = new PredicateClient(hub);
        await messages.SubscribeAsync("aa.*", subscriber.Callback());
        await messages.PostAsync("aa.bb");
        for (var i = 0; i < 4; i++)
            await messages.PostAsync("aa.cc");
        await hub.UntilAsync("select count(*) from {dead_letters} having count(*) = 5");
        await hub.UntilAsync(Settled(5));

        var said = await Explained.AskAsync(hub, "aa.bb", subscriber.Callback());

        Assert.Equal(
            ("deadLettered", "Message ID/1 was given up at TIME, having been tried once. The callback answered 418."),
            (said.Verdict, said.Summary)
        );
        Assert.Equal(5, subscriber.Deliveries.Count);
    }

    private static async Task GiveUpAsync(HubHost hub, FakeSubscriber subscriber)
    {
        subscriber.OnDelivery = _ => Task.FromResult(418);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select count(*) from {dead_letters}");
        await hub.UntilAsync(Settled(1));
    }

    private static string Settled(long sequence) =>
        "select 1 where not exists (select 1 from {subscriptions} s join {lanes} l on l.id = s.lane_id "
        + "where coalesce(s.position, l.cursor) < "
        + $"{sequence})";

    private static async Task PingAsync(HubHost hub, string topic)
    {
        using var answer = await hub.PostAsync(new HubFields().Add(HubParameters.Mode, HubModes.Publish).Add(HubParameters.Url, topic));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task PruneAsync(HubHost hub)
    {
        var topicId = await hub.Db.ReadAsync(s => s.ScalarAsync<TopicId>("select id from {topics}"), Cancelled);
        var keep = hub.Services.GetRequiredService<IOptions<HubOptions>>().Value.History;
        var now = DatabaseTime.Now(TimeProvider.System);
        await hub.Services.GetRequiredService<HistoryStore>().PruneAsync(topicId, keep, before: DatabaseTime.Epoch, now, Cancelled);
    }

    public sealed class OnSqlite() : ExplainDeliveryTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : ExplainDeliveryTests(server);
}
