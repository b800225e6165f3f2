using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using WebSub.Subscriber.Health;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Tests.Diagnostics;
using WebSub.Subscriber.Tests.EndToEnd;
using WebSub.Testing;
using WebSub.TestSupport;
using WebSub.Work;
using Xunit;

namespace WebSub.Subscriber.Tests.Health;

/// <summary>Hubs that fall silent, forget, or leave something out. On both databases.</summary>
public abstract class HubHealthTests
{
    private const long LongLease = 90 * 86_400;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _clock = new();

    protected abstract Task<string> CreateDatabaseAsync();

    [Fact]
    public async Task Hub_ThatDeliversNothingForLong_IsToldOf_AndAskedAgain_UntilItDelivers()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await StartAsync(build: b => b.Services.AddHealthChecks().AddWebSubSubscriber());
        var (subscription, request) = await app.SubscribeAsync(hub, lease: LongLease);
        await DeliverHourlyAsync(app, hub, request);

        var usual = await app.GetAsync(subscription.Id);
        var healthy = await CheckAsync(app);
        _clock.Advance(TimeSpan.FromHours(23));
        var silence = app.NextAsync(WebSubChangeKind.HubSilent);
        await PassAsync(silence, Minute);
        var renewal = await hub.NextRequestAsync();
        var degraded = await CheckAsync(app);
        await hub.VerifyAsync(renewal, LongLease);
        await hub.DeliverAsync(request, "six");
        await PassAsync(app.NextAsync(WebSubChangeKind.HubHeard), Minute);

        var now = await app.GetAsync(subscription.Id);
        Assert.Equal((5L, TimeSpan.FromHours(1), null), (usual.Received, usual.UsualPause, usual.SilentSince));
        Assert.StartsWith("The hub has delivered nothing for 24", (await silence).Reason, StringComparison.Ordinal);
        Assert.EndsWith("its usual pause is 60 minutes.", (await silence).Reason, StringComparison.Ordinal);
        Assert.Equal((request.Callback, "subscribe"), (renewal.Callback, renewal.Mode));
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Degraded), (healthy, degraded));
        Assert.Equal((null, null), (now.SilentSince, now.Silence));
        Assert.Equal(2, hub.Requests.Count);
    }

    [Fact]
    public async Task Update_ThatTheHubDoesNotDeliver_IsFoundByAPoll_AndTheHubIsAskedAgain()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", Page("one", "\"1\""));
        await using var app = await StartAsync(settings: ("WebSub:Subscriber:Health:Poll", "true"));
        var (subscription, _) = await app.SubscribeAsync(hub, publisher.Url(), lease: LongLease);
        await publisher.NextFetchAsync();
        await PolledAsync(app);

        publisher.Set("feed", Page("two", "\"2\""));
        var notification = app.NextNotificationAsync();
        await PassAsync(notification, Minute);
        var missed = await app.NextAsync(WebSubChangeKind.UpdateMissed);
        await app.NextAsync(WebSubChangeKind.HubSilent);
        var renewal = await hub.NextRequestAsync();

        var found = await notification;
        Assert.Equal((WebSubNotificationSource.Poll, "two", "text/x-test"), (found.Source, found.Text, found.ContentType));
        Assert.Equal("The topic has changed, and its hub has not delivered that within 5 minutes.", missed.Reason);
        Assert.Equal(1, (await app.GetAsync(subscription.Id)).Missed);
        Assert.Equal("subscribe", renewal.Mode);
        Assert.Equal("\"1\"", (await publisher.NextFetchAsync()).Headers["If-None-Match"]);
    }

    [Fact]
    public async Task Meter_CountsPollsAndMissedUpdates_AndShowsSilentHubs()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", Page("one", "\"1\""));
        await using var app = await StartAsync(settings: ("WebSub:Subscriber:Health:Poll", "true"));
        using var measured = new Measurements(app);
        await app.SubscribeAsync(hub, publisher.Url(), lease: LongLease);
        await publisher.NextFetchAsync();
        await PolledAsync(app);

        publisher.Set("feed", Page("two", "\"2\""));
        await PassAsync(app.NextNotificationAsync(), Minute);
        await app.NextAsync(WebSubChangeKind.HubSilent);
        // As it does every minute.
        await app.Services.GetServices<MaintenanceTask>().OfType<SilenceWatch>().Single().RunAsync(TestContext.Current.CancellationToken);
        measured.Observe();

        Assert.Contains("websub.subscriber.polls 1 websub.result=first", measured.All);
        Assert.Contains("websub.subscriber.polls 1 websub.result=waiting", measured.All);
        Assert.Single(measured.All, m => m == "websub.subscriber.polls 1 websub.result=missed");
        Assert.Single(measured.All, m => m == "websub.subscriber.updates.missed 1 websub.source=poll");
        Assert.Contains("websub.subscriber.hubs.silent 1", measured.All);
        Assert.Contains("websub.subscriber.hubs 1 websub.state=silent", measured.All);
        Assert.Contains("websub.subscriber.hubs 0 websub.state=delivering", measured.All);
    }

    [Fact]
    public async Task Hub_ThatIsSilentForOneAndDeliversToNone_IsAskedForAllOfThem_Once()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await StartAsync();
        var (_, busy) = await app.SubscribeAsync(hub, lease: LongLease);
        var (_, rare) = await app.SubscribeAsync(hub, "https://rare.example/", lease: LongLease);
        await DeliverHourlyAsync(app, hub, busy);

        _clock.Advance(TimeSpan.FromHours(23));
        await PassAsync(app.NextAsync(WebSubChangeKind.HubSilent), TimeSpan.FromMinutes(10));
        var first = await hub.NextRequestAsync();
        // A hub gets a few renewals a second.
        var second = hub.NextRequestAsync();
        await PassAsync(second, TimeSpan.FromSeconds(1));
        var seen = Assert.Single(await app.Services.GetRequiredService<IWebSubSubscriptions>().ListHubsAsync());

        Assert.Equal(new[] { busy.Callback, rare.Callback }.Order(), new[] { first.Callback, (await second).Callback }.Order());
        Assert.Equal((WebSubHubState.Silent, 2L, 1L, 5L), (seen.State, seen.Subscriptions, seen.Silent, seen.Received));
        Assert.Equal(4, hub.Requests.Count);
    }

    [Fact]
    public async Task Hub_ThatIsSilentForOneAndDeliversToOthers_IsAskedForThatOneOnly_AndIsPartlySilent()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await StartAsync(build: b => b.Services.AddHealthChecks().AddWebSubSubscriber());
        var (_, forgotten) = await app.SubscribeAsync(hub, lease: LongLease);
        var (_, known) = await app.SubscribeAsync(hub, "https://known.example/", lease: LongLease);
        await DeliverHourlyAsync(app, hub, forgotten);
        _clock.Advance(TimeSpan.FromHours(2));
        await hub.DeliverAsync(known, "for the other");
        await app.NextNotificationAsync();

        _clock.Advance(TimeSpan.FromHours(21));
        await PassAsync(app.NextAsync(WebSubChangeKind.HubSilent), TimeSpan.FromMinutes(10));
        var renewal = await hub.NextRequestAsync();
        await hub.DeliverAsync(known, "and one more");
        await app.NextNotificationAsync();
        var seen = Assert.Single(await app.Services.GetRequiredService<IWebSubSubscriptions>().ListHubsAsync());
        var check = (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Single().Value;

        Assert.Equal(forgotten.Callback, renewal.Callback);
        Assert.Equal(3, hub.Requests.Count);
        Assert.Equal((WebSubHubState.PartlySilent, 2L, 1L), (seen.State, seen.Subscriptions, seen.Silent));
        Assert.Equal($"Hubs have fallen silent: {hub.Url} for 1 of 2 subscriptions (websub hubs shows them).", check.Description);
        Assert.Equal("PartlySilent", check.Data[hub.Url]);
    }

    [Fact]
    public async Task Hubs_OfActiveSubscriptions_AreTakenTogether()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var other = await FakeHub.StartAsync();
        await using var app = await StartAsync();
        var (_, hourly) = await app.SubscribeAsync(hub, lease: LongLease);
        var (_, second) = await app.SubscribeAsync(hub, "https://second.example/", lease: LongLease);
        await app.SubscribeAsync(other, "https://third.example/", lease: LongLease);
        await DeliverHourlyAsync(app, hub, hourly, second);

        var hubs = (await app.Services.GetRequiredService<IWebSubSubscriptions>().ListHubsAsync()).ToDictionary(h => h.Hub);

        Assert.Equal(2, hubs.Count);
        Assert.Equal(
            (WebSubHubState.Delivering, 2L, 10L, TimeSpan.FromMinutes(30), _clock.GetUtcNow()),
            (hubs[hub.Url].State, hubs[hub.Url].Subscriptions, hubs[hub.Url].Received, hubs[hub.Url].UsualPause, hubs[hub.Url].ReceivedAt)
        );
        Assert.Equal(
            (1L, 0L, null, null),
            (hubs[other.Url].Subscriptions, hubs[other.Url].Received, hubs[other.Url].UsualPause, hubs[other.Url].ReceivedAt)
        );
    }

    [Fact]
    public async Task Update_ThatTheHubDelivers_IsNotPassedOnASecondTime()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", Page("one", "\"1\""));
        await using var app = await StartAsync(settings: ("WebSub:Subscriber:Health:Poll", "true"));
        var (subscription, request) = await app.SubscribeAsync(hub, publisher.Url(), lease: LongLease);
        await publisher.NextFetchAsync();
        await PolledAsync(app);

        publisher.Set("feed", Page("two", "\"2\""));
        await PassAsync(publisher.NextFetchAsync(), Minute);
        await hub.DeliverAsync(request, "an excerpt of two");
        for (var i = 0; i < 3; i++)
            await PassAsync(publisher.NextFetchAsync(), Minute);

        Assert.Equal("an excerpt of two", (await app.NextNotificationAsync()).Text);
        Assert.False(app.HasNotification);
        Assert.Equal((0L, null), ((await app.GetAsync(subscription.Id)).Missed, (await app.GetAsync(subscription.Id)).SilentSince));
    }

    [Fact]
    public async Task Hub_ThatMissesAnUpdateAfterItWasAskedAgain_IsLeftForAnother()
    {
        await using var forgetful = await FakeHub.StartAsync();
        await using var other = await FakeHub.StartAsync();
        forgetful.Verification = other.Verification = FakeHubVerification.Afterwards;
        await using var publisher = await FakePublisher.StartAsync();
        void Publish(string text) => publisher.Set("feed", Page(text, $"\"{text}\"", forgetful.Url, other.Url, publisher.Url()));
        Publish("one");
        await using var app = await StartAsync(
            settings: [("WebSub:Subscriber:Health:Poll", "true"), ("WebSub:Subscriber:Health:ChangeHub", "true")]
        );
        await app.Subscriptions.SubscribeAsync(
            WebSubTarget.Resource(publisher.Url()),
            "news",
            new() { LeaseSeconds = LongLease },
            TestContext.Current.CancellationToken
        );
        await app.NextAsync(WebSubChangeKind.Verified);
        // Discovery, and the first poll.
        await publisher.NextFetchAsync();
        await PassAsync(publisher.NextFetchAsync(), Minute);

        foreach (var update in new[] { "two", "three" })
        {
            await PolledAsync(app);
            Publish(update);
            await PassAsync(publisher.NextFetchAsync(), Minute);
            await PolledAsync(app, isFound: true);
            await PassAsync(publisher.NextFetchAsync(), Minute);
            // From here on the clock stands still: nothing that is asked of a hub comes too late.
            Assert.Equal(update, (await app.NextNotificationAsync()).Text);
            await app.NextAsync(WebSubChangeKind.Renewed);
            // Discovery again.
            await publisher.NextFetchAsync();
        }

        Assert.Equal((2, 1), (forgetful.Requests.Count(r => r.Mode == "subscribe"), other.Requests.Count));
        Assert.Equal(other.Url, Assert.Single(await app.ListAsync()).Hub);
    }

    [Fact]
    public async Task Topic_IsFetchedOnce_WhenItsSubscriptionBecomesActive_IfThatIsWanted()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        publisher.Set("feed", Page("now", "\"1\""));
        await using var app = await StartAsync(settings: ("WebSub:Subscriber:Health:FetchAfterVerification", "true"));

        var (_, request) = await app.SubscribeAsync(hub, publisher.Url(), lease: LongLease);
        var first = await app.NextNotificationAsync();
        await hub.DeliverAsync(request, "later");
        var second = await app.NextNotificationAsync();

        Assert.Equal((WebSubNotificationSource.Verification, "now"), (first.Source, first.Text));
        Assert.Equal((WebSubNotificationSource.Hub, "later"), (second.Source, second.Text));
        Assert.Single(publisher.Fetches);
    }

    [Fact]
    public async Task Hole_InNumberedDeliveryIds_IsFilledFromTheHubsHistory()
    {
        await using var inner = await FakeHub.StartAsync();
        await using var hub = await HubWithHistory.StartAsync(inner);
        await using var app = await StartAsync();
        hub.Answer = (
            200,
            """
            {"topic":"t","head":5,"gap":false,"items":[
              {"sequence":2,"deliveryId":"aa/2","contentType":"text/plain","body":"two"},
              {"sequence":3,"deliveryId":"aa/3","contentType":"image/png","bodyBase64":"AP8="},
              {"sequence":4,"deliveryId":"aa/4","contentType":"text/plain","body":"four"}],"next":null}
            """
        );
        var request = await SubscribeAsync(app, inner, hub.Url);

        await DeliverAsync(inner, request, "one", "aa/1");
        await DeliverAsync(inner, request, "four", "aa/4");
        List<WebSubNotification> all = [await app.NextNotificationAsync(), await app.NextNotificationAsync()];
        for (var i = 0; i < 2; i++)
        {
            var next = app.NextNotificationAsync();
            await PassAsync(next, Minute);
            all.Add(await next);
        }

        await DeliverAsync(inner, request, "two", "aa/2");
        await DeliverAsync(inner, request, "five", "aa/5");
        all.Add(await app.NextNotificationAsync());
        Assert.Equal(["aa/1", "aa/4", "aa/2", "aa/3", "aa/5"], all.Select(n => n.DeliveryId));
        Assert.Equal(WebSubNotificationSource.History, all[2].Source);
        Assert.Equal([0x00, 0xff], all[3].Body.ToArray());
        // More than once only if the clock ran away from a request.
        Assert.Equal("?topic=https%3A%2F%2Fnews.example%2Ffeed&after=1&limit=200", Assert.Single(hub.Read.Distinct()));
        Assert.Equal(2, Assert.Single(await app.ListAsync()).Missed);
    }

    [Theory]
    [InlineData(401, "", "Its history answered 401.")]
    [InlineData(200, "[]", "It has no history of the kind our hub has.")]
    [InlineData(200, "{}", "It has no history of the kind our hub has.")]
    [InlineData(200, "null", "It has no history of the kind our hub has.")]
    [InlineData(200, """{"items":null}""", "It has no history of the kind our hub has.")]
    [InlineData(200, """{"items":[null]}""", "It has no history of the kind our hub has.")]
    [InlineData(200, """{"items":[{"sequence":2,"bodyBase64":"!"}]}""", "It has no history of the kind our hub has.")]
    public async Task Hole_ThatCannotBeFilled_IsToldOfOnce(int status, string body, string reason)
    {
        await using var inner = await FakeHub.StartAsync();
        await using var hub = await HubWithHistory.StartAsync(inner);
        var log = new LogCollector();
        await using var app = await StartAsync(build: b => b.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(log));
        hub.Answer = (status, body);
        var request = await SubscribeAsync(app, inner, hub.Url);

        await DeliverAsync(inner, request, "one", "aa/1");
        await DeliverAsync(inner, request, "three", "aa/3");
        var told = app.UntilAsync(() => Task.FromResult(log.Lines.Any(l => l.Id == 4706)));
        await PassAsync(told, Minute);
        await DeliverAsync(inner, request, "five", "aa/5");
        var next = app.UntilAsync(() => Task.FromResult(log.Lines.Count(l => l.Id == 4706) == 2));
        await PassAsync(next, Minute);

        var line = log.Lines.First(l => l.Id == 4706);
        var last = log.Lines.Last(l => l.Id == 4706);
        Assert.EndsWith($"updates 2 to 2 of {hub.Url} did not come. {reason}", line.Text, StringComparison.Ordinal);
        Assert.Contains("updates 4 to 4 of", last.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliveries_OfInlineHandlers_AreCountedToo()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await StartAsync(build: b => b.AddHandler("inline", (_, _) => ValueTask.FromResult(WebSubReply.Accept)));
        var (subscription, request) = await app.SubscribeAsync(hub, handler: "inline", lease: LongLease);

        await hub.DeliverAsync(request, "one");
        _clock.Advance(TimeSpan.FromHours(2));
        await app.UntilAsync(async () => (await app.GetAsync(subscription.Id)).Received == 1);
        await hub.DeliverAsync(request, "two");
        var counted = app.UntilAsync(async () => (await app.GetAsync(subscription.Id)).Received == 2);
        await PassAsync(counted, TimeSpan.FromSeconds(5));

        Assert.Equal(TimeSpan.FromHours(2), (await app.GetAsync(subscription.Id)).UsualPause);
    }

    private static FakeResource Page(string text, string etag, params string[] links)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["ETag"] = etag };
        if (links.Length > 0)
            headers["Link"] = string.Join(", ", links.Select((l, i) => $"<{l}>; rel=\"{(i == links.Length - 1 ? "self" : "hub")}\""));
        return new()
        {
            Body = Encoding.UTF8.GetBytes(text),
            ContentType = "text/x-test",
            Headers = headers,
        };
    }

    private static async Task<FakeHubRequest> SubscribeAsync(SubscriberApp app, FakeHub hub, string url)
    {
        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic("https://news.example/feed", url), "news");
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);
        await hub.VerifyAsync(request, LongLease);
        await app.NextAsync(WebSubChangeKind.Verified);
        return request;
    }

    /// <summary>Until a poll is saved that knows the content, or has found another one that it waits for.</summary>
    private static Task PolledAsync(SubscriberApp app, bool isFound = false)
    {
        var sql = "select count(*) from {polls} where body_hash is not null and found_at is " + (isFound ? "not null" : "null");
        var database = app.Services.GetRequiredService<SubscriberDatabase>();
        return app.UntilAsync(async () =>
            await database.ReadAsync(session => session.ScalarAsync<long>(sql), TestContext.Current.CancellationToken) > 0
        );
    }

    private static Task<FakeHubResponse> DeliverAsync(FakeHub hub, FakeHubRequest request, string text, string id) =>
        hub.DeliverAsync(request, FakeDelivery.FromString(text) with { DeliveryId = id });

    /// <summary>Enough deliveries to know what is usual: one an hour.</summary>
    private async Task DeliverHourlyAsync(SubscriberApp app, FakeHub hub, params FakeHubRequest[] requests)
    {
        for (var i = 1; i <= 5; i++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            foreach (var request in requests)
            {
                await hub.DeliverAsync(request, $"{i}");
                await app.NextNotificationAsync();
            }
        }
    }

    /// <summary>Lets time pass until this has happened, slowly enough that what is asked of a hub or publisher gets its answer.</summary>
    private Task PassAsync(Task happened, TimeSpan step) => _clock.AdvanceUntilAsync(happened, step, moment: TimeSpan.FromMilliseconds(25));

    private static async Task<HealthStatus> CheckAsync(SubscriberApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;

    private async Task<SubscriberApp> StartAsync(
        Action<IWebSubSubscriberBuilder>? build = null,
        params (string Name, string Value)[] settings
    ) => await SubscriberApp.StartAsync(_clock, await CreateDatabaseAsync(), build: build, settings: settings);

    public sealed class OnSqlite : HubHealthTests
    {
        protected override Task<string> CreateDatabaseAsync() => Task.FromResult(TestFiles.NewDatabase());
    }

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : HubHealthTests
    {
        protected override Task<string> CreateDatabaseAsync() => server.CreateDatabaseAsync();
    }
}
