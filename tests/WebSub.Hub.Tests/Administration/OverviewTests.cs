using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>How the hub is doing, and what is wrong.</summary>
public abstract class OverviewTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";
    private const string Other = "https://publisher.example/other";

    [Fact]
    public async Task Overview_OfAHubWithAFailingSubscriber_CountsAndSaysWhatIsWrong()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Target.Contains("bad", StringComparison.Ordinal) ? 503 : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback("good"));
        await hub.SubscribeAsync(Topic, subscriber.Callback("bad"));
        await hub.SubscribeAsync(Other, subscriber.Callback("bad"));
        await hub.PublishAsync(Topic, "first");
        await hub.PublishAsync(Topic, "second");
        await hub.PublishAsync(Other, "third");
        await hub.UntilAsync(
            "select case when count(*) = 2 then 1 else 0 end from {subscriptions} "
                + "where due is not null and attempts > 0 and claimed_by is null"
        );
        await hub.UntilAsync(
            "select case when count(*) = 0 then 1 else 0 end from {lanes} l join {topics} t on t.id = l.topic_id where l.cursor < t.head"
        );
        // The last by time, not by the alphabet.
        await hub.Db.WriteAsync(
            s =>
                s.ExecuteAsync(
                    "update {subscriptions} set last_error = 'The callback answered 404.', last_attempt_at = last_attempt_at + 1000000 "
                        + "where topic_id = (select id from {topics} where url = @Other)",
                    new { Other }
                ),
            TestContext.Current.CancellationToken
        );
        var administration = hub.Services.GetRequiredService<IHubAdministration>();

        var overview = await administration.GetOverviewAsync(TestContext.Current.CancellationToken);
        var behind = await administration.ListFurthestBehindAsync(cancellationToken: TestContext.Current.CancellationToken);
        var ofOther = await administration.ListFurthestBehindAsync(Other, 1, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((2, 3, 2), (overview.Topics, overview.Subscriptions, overview.Behind));
        Assert.Equal((3, 2), (overview.Lag, overview.LagMax));
        var trouble = Assert.Single(overview.Troubles);
        Assert.Equal(("failingHost", "127.0.0.1"), (trouble.Kind, trouble.Subject));
        Assert.Matches(
            "^127\\.0\\.0\\.1 has not accepted [0-9]+ deliveries since [-0-9]{10} [:0-9]{8} UTC; 2 subscriptions are behind, "
                + "the furthest by 2 updates\\. Last answer: The callback answered 404\\.$",
            trouble.Sentence
        );
        Assert.Equal(behind.Min(s => s.BehindSince), trouble.Since);
        Assert.All(behind, s => Assert.InRange(s.BehindSince!.Value, s.CreatedAt, s.LastAttempt!.Value));
        Assert.InRange(behind.Sum(s => s.FailedSince), 2, long.MaxValue);
        Assert.Equal([(Topic, 2L), (Other, 1L)], behind.Select(s => (s.Topic, s.Lag)));
        Assert.Equal([Other], ofOther.Select(s => s.Topic));
        Assert.Equal(60, overview.LastHour.Count);
    }

    [Fact]
    public async Task Subscription_ThatHasCaughtUp_IsBehindSinceNothing_AndAnewWhenItFailsAgain()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var answers = new Queue<int>([503, 200, 503, 503]);
        subscriber.OnDelivery = _ => Task.FromResult(answers.Dequeue());
        var administration = hub.Services.GetRequiredService<IHubAdministration>();
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select count(*) from {subscriptions} where failures is not null and due is null and claimed_by is null");
        var well = Assert.Single(
            (await administration.ListSubscriptionsAsync(cancellationToken: TestContext.Current.CancellationToken)).Items
        );
        await hub.Db.WriteAsync(
            s => s.ExecuteAsync("update {subscriptions} set behind_since = case when behind_since is null then null else 1 end"),
            TestContext.Current.CancellationToken
        );
        await hub.PublishAsync(Topic, "second");
        await hub.UntilAsync("select count(*) from {subscriptions} where due is not null and attempts = 2 and claimed_by is null");
        var behind = Assert.Single(await administration.ListFurthestBehindAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((null, 0L), (well.BehindSince, well.FailedSince));
        Assert.Equal(2L, behind.FailedSince);
        Assert.InRange(behind.BehindSince!.Value, behind.CreatedAt, behind.LastAttempt!.Value);
    }

    [Fact]
    public async Task Overview_OfAHubThatIsWell_HasNoTroubles()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.NextDeliveryAsync(subscriber);
        await hub.UntilAsync("select count(*) from {lanes} where cursor = 1");

        var overview = await hub.Services.GetRequiredService<IHubAdministration>().GetOverviewAsync(TestContext.Current.CancellationToken);

        Assert.Empty(overview.Troubles);
        Assert.Equal((1, 0, 0), (overview.Subscriptions, overview.Behind, overview.LanesWaiting));
    }

    [Fact]
    public async Task Overview_WhileALaneWaitsForAnAnswer_CountsWhatItsSubscribersHaveYetToGet()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource<int>());
        subscriber.OnDelivery = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await asked.Task.WaitAsync(HubHost.Deadline);
        await hub.PublishAsync(Topic, "second");

        var overview = await hub.Services.GetRequiredService<IHubAdministration>().GetOverviewAsync(TestContext.Current.CancellationToken);
        answer.SetResult(200);

        Assert.Equal((2, 2, 1), (overview.Lag, overview.LagMax, overview.LanesWaiting));
    }

    [Fact]
    public async Task Overview_OfACallbackThatAsksForAPause_SaysSo()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(429);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync(
            "select count(*) from {subscriptions} where due is not null and last_error is not null and claimed_by is null"
        );

        var overview = await hub.Services.GetRequiredService<IHubAdministration>().GetOverviewAsync(TestContext.Current.CancellationToken);

        var trouble = Assert.Single(overview.Troubles);
        Assert.StartsWith("127.0.0.1 has not accepted 1 delivery since ", trouble.Sentence, StringComparison.Ordinal);
        Assert.Contains(" UTC; 1 subscription is behind, the furthest by 1 update.", trouble.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("Last answer: The callback answered 429.", trouble.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FurthestBehind_ByTime_ListsThoseBehindForLongestFirst_AndNoneWhoseLeaseHasEnded()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Delivery.RetryDelays = [TimeSpan.FromHours(1)]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(500);
        var topic = "https://publisher.example/by-time";
        foreach (var name in new[] { "ended", "most", "longest" })
            await hub.SubscribeAsync(topic, subscriber.Callback(name));
        await hub.PublishAsync(topic, "1");
        await hub.UntilAsync("select count(*) from {subscriptions} where last_status = 500 having count(*) = 3");
        var day = TimeSpan.FromDays(1);
        await SetAsync(hub, "lease_end = @at", "ended", -day);
        await SetAsync(hub, "behind_since = @at", "longest", -day);
        await SetAsync(hub, "position = position - 1", "most", day);

        var most = await ListAsync(hub, "");
        var longest = await ListAsync(hub, "?order=since");
        using var wrong = await hub.AskAsync(HttpMethod.Get, "subscriptions/furthest-behind?order=name");

        Assert.Equal(["most", "longest"], most);
        Assert.Equal(["longest", "most"], longest);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Topics_OfTheOverview_AreThoseOfTheList_WithoutWhatHasMessages_WhoseDeadLettersAreRedelivered()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Delivery.RetryDelays = []);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(500);
        var messages = new Predicates.PredicateClient(hub);
        await messages.SubscribeAsync("aa.bb", subscriber.Callback());
        await messages.PostAsync("aa.bb");
        await hub.UntilAsync("select count(*) from {dead_letters}");
        subscriber.OnDelivery = _ => Task.FromResult(200);

        var overview = await hub.Services.GetRequiredService<IHubAdministration>().GetOverviewAsync(TestContext.Current.CancellationToken);
        var listed = await hub.ListAsync("topics");
        var topic = (string)(await hub.ListAsync("dead-letters"))[0]["topic"]!;
        var action = await hub.ActAsync("dead-letters/redeliver", new { topic });

        Assert.Equal((0, 0L), (listed.Count, overview.Topics));
        Assert.Equal(1, (long)action["affected"]!);
    }

    private static async Task<IEnumerable<string>> ListAsync(HubHost hub, string query) =>
        (await hub.ListAsync("subscriptions/furthest-behind" + query)).Select(s => ((string)s["callback"]!).Split('/')[^1]);

    private static Task SetAsync(HubHost hub, string what, string name, TimeSpan from) =>
        hub.Db.WriteAsync(
            s =>
                s.ExecuteAsync(
                    $"update {{subscriptions}} set {what} where callback like @name",
                    new { name = "%/" + name, at = DatabaseTime.Now(TimeProvider.System) + from }
                ),
            TestContext.Current.CancellationToken
        );

    public sealed class OnSqlite() : OverviewTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : OverviewTests(server);
}
