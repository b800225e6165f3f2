using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Events;

public abstract class HubEventsTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed?a=%7e";

    [Fact]
    public async Task Events_AreToldWhatBecomesOfASubscription_EvenIfOneThrows()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartAsync();
        var (kept, revoked, refused) = (subscriber.Callback("kept?x=%7e"), subscriber.Callback("revoked"), subscriber.Callback("refused"));
        subscriber.OnVerification = v => Task.FromResult<int?>(v.Target.Contains("refused", StringComparison.Ordinal) ? 404 : null);

        await hub.SubscribeAsync(Topic, kept);
        Assert.Equal((WebSubHubChangeKind.Subscribed, Topic, kept, null), await NextAsync(hub));
        await hub.UnsubscribeAsync(Topic, kept);
        Assert.Equal((WebSubHubChangeKind.Unsubscribed, Topic, kept, null), await NextAsync(hub));

        await hub.SubscribeAsync(Topic, revoked);
        Assert.Equal(WebSubHubChangeKind.Subscribed, (await NextAsync(hub)).Kind);
        Assert.True(await hub.Services.GetRequiredService<IWebSubHub>().RevokeAsync(Topic, revoked, "enough"));
        Assert.Equal((WebSubHubChangeKind.Revoked, Topic, revoked, "enough"), await NextAsync(hub));
        Assert.Equal((WebSubHubChangeKind.Denied, Topic, revoked, "enough"), await NextAsync(hub));

        using var answer = await hub.RequestAsync(HubModes.Subscribe, Topic, refused);
        Assert.Equal((WebSubHubChangeKind.NotConfirmed, Topic, refused, "the callback answered 404"), await NextAsync(hub));
    }

    [Fact]
    public async Task Events_AreNotToldOfAnUnsubscribe_WhosePlaceANewerRequestTook()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await NextAsync(hub);
        subscriber.OnVerification = async v =>
        {
            if (v.Mode == HubModes.Unsubscribe)
                (await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback())).Dispose();
            return null;
        };

        using var answer = await hub.RequestAsync(HubModes.Unsubscribe, Topic, subscriber.Callback());
        var next = await NextAsync(hub);

        Assert.Equal((WebSubHubChangeKind.Subscribed, Topic, subscriber.Callback(), null), next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Events_AreToldOfA410_AndOfAnUpdateThatIsGivenUp(bool isBehind)
    {
        const string Failed = "The callback answered 500.";
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartAsync(o => o.Delivery.RetryDelays = isBehind ? [TimeSpan.Zero] : []);
        subscriber.OnDelivery = d =>
            Task.FromResult(
                d.Text switch
                {
                    "never taken" => 500,
                    "no more" => 410,
                    _ => 200,
                }
            );
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await NextAsync(hub);
        while (
            await hub.Db.ReadAsync(s => s.ScalarAsync<long>("select count(*) from {subscriptions} where position is null"), default) == 0
        )
        {
            await hub.PublishAsync(Topic, "taken");
            await hub.NextDeliveryAsync(subscriber);
        }

        await hub.PublishAsync(Topic, "never taken");
        var fellBehind = isBehind ? await NextAsync(hub) : (WebSubHubChangeKind.FellBehind, Topic, subscriber.Callback(), Failed);
        var givenUp = await NextAsync(hub);
        var caughtUp = isBehind ? await NextAsync(hub) : (WebSubHubChangeKind.CaughtUp, Topic, subscriber.Callback(), null);
        await hub.PublishAsync(Topic, "no more");
        var gone = await NextAsync(hub);

        Assert.Equal((WebSubHubChangeKind.FellBehind, Topic, subscriber.Callback(), Failed), fellBehind);
        Assert.Equal((WebSubHubChangeKind.UpdateGivenUp, Topic, subscriber.Callback(), Failed), givenUp);
        Assert.Equal((WebSubHubChangeKind.CaughtUp, Topic, subscriber.Callback(), null), caughtUp);
        Assert.Equal((WebSubHubChangeKind.Gone, Topic, subscriber.Callback(), "The callback answered 410 Gone."), gone);
    }

    [Fact]
    public async Task Events_AreToldOfAnExpiredLease_AlsoOfAPredicate()
    {
        var clock = new FakeTimeProvider();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartAsync(time: clock);
        await hub.SubscribeAsync(Topic, subscriber.Callback(), lease: 400);
        var client = new Predicates.PredicateClient(hub);
        Assert.Equal(HttpStatusCode.Accepted, (await client.SubscribeAsync("aa.bb", subscriber.Callback(), lease: "4000")).Status);
        await NextAsync(hub);
        await NextAsync(hub);

        var expired = await NextAsync(hub, clock);
        var predicate = await NextAsync(hub, clock);

        Assert.Equal((WebSubHubChangeKind.Expired, Topic, subscriber.Callback(), null), expired);
        Assert.Equal((WebSubHubChangeKind.Expired, "aa.bb", subscriber.Callback(), null), predicate);
    }

    [Fact]
    public async Task Events_OfWhateverSort_HaveRisingNumbers_InTheOrderOfTelling()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var hub = await StartAsync();
        var heard = hub.Services.GetRequiredService<Told>().All.Reader;
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var began = Assert.IsType<WebSubHubChange>(await HeardAsync(heard));

        await hub.PublishAsync(Topic, "four");
        var published = Assert.IsType<WebSubHubUpdate>(await HeardAsync(heard));
        var delivery = await hub.NextDeliveryAsync(subscriber);
        var administration = hub.Services.GetRequiredService<IHubAdministration>();
        var id = Assert.Single((await administration.ListSubscriptionsAsync()).Items).Id;
        await administration.RequestAsync(new(HubActionKind.PauseSubscription, id, "an operator") { Reason = "noise" });
        var paused = Assert.IsType<WebSubHubCompletedAction>(await HeardAsync(heard));
        await administration.RequestAsync(new(HubActionKind.DeleteSubscription, id, "an operator") { Reason = "enough" });
        var deleted = Assert.IsType<WebSubHubChange>(await HeardAsync(heard));
        var done = Assert.IsType<WebSubHubCompletedAction>(await HeardAsync(heard));

        Assert.Equal(
            (Topic, delivery.DeliveryId, WebSubHubUpdateSource.Pushed, "text/plain", 4L),
            (published.Topic, published.DeliveryId, published.Source, published.ContentType, published.Length)
        );
        Assert.Equal(
            (HubActionKind.PauseSubscription, id, "an operator", "noise", 1L),
            (paused.Action.Kind, paused.Action.Target, paused.Action.RequestedBy, paused.Action.Reason, paused.Action.Affected)
        );
        Assert.NotNull(paused.Action.DoneAt);
        Assert.Equal(
            (WebSubHubChangeKind.Deleted, Topic, subscriber.Callback(), "enough"),
            (deleted.Kind, deleted.Topic, deleted.Callback, deleted.Reason)
        );
        Assert.Equal(HubActionKind.DeleteSubscription, done.Action.Kind);
        Assert.Equal([1L, 2, 3, 4, 5], [began.Sequence, published.Sequence, paused.Sequence, deleted.Sequence, done.Sequence]);
    }

    [Fact]
    public async Task Events_AreToldOfAFetchThatFoundSomethingNew_OfAMessageOnce_AndOfKeys()
    {
        await using var peer = new ScriptedPeer(
            (_, _) => ScriptedPeer.Answer("200 OK\nContent-Type: text/plain\nContent-Length: 4", "same"u8.ToArray())
        );
        await using var hub = await StartAsync();
        var heard = hub.Services.GetRequiredService<Told>().All.Reader;
        var topic = peer.Origin + "/feed";
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(topic, subscriber.Callback());
        await HeardAsync(heard);

        await hub.Services.GetRequiredService<IWebSubHub>().PingAsync(topic);
        var fetched = Assert.IsType<WebSubHubUpdate>(await HeardAsync(heard));
        var reference = (string?)(await new Predicates.PredicateClient(hub).PostAsync("aa.bb"))["reference"];
        var message = Assert.IsType<WebSubHubUpdate>(await HeardAsync(heard));
        var administration = hub.Services.GetRequiredService<IHubAdministration>();
        await administration.CreateKeyAsync(new("blog", [ApiScope.Publish], "an operator"));
        await administration.DisableKeyAsync("blog", "an operator");
        var keys = new[] { await HeardAsync(heard), await HeardAsync(heard) }.Cast<WebSubHubCompletedAction>();

        Assert.Equal((topic, WebSubHubUpdateSource.Fetched, 4L), (fetched.Topic, fetched.Source, fetched.Length));
        Assert.Equal(
            ("AA.BB", reference, WebSubHubUpdateSource.Message, (string?)null),
            (message.Topic, message.Reference, message.Source, (string?)message.DeliveryId)
        );
        Assert.Equal(
            [(HubActionKind.CreateKey, "blog"), (HubActionKind.DisableKey, "blog")],
            keys.Select(k => (k.Action.Kind, k.Action.Target))
        );
    }

    [Fact]
    public async Task Events_AreToldOfAFetchThatFailed()
    {
        await using var peer = new ScriptedPeer((_, _) => ScriptedPeer.Answer("503 Service Unavailable\nContent-Length: 0", []));
        await using var hub = await StartAsync(o => o.Publishing.FetchRetryDelays = [TimeSpan.FromHours(1)]);
        var heard = hub.Services.GetRequiredService<Told>().All.Reader;
        var topic = peer.Origin + "/feed";
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(topic, subscriber.Callback());
        await HeardAsync(heard);

        await hub.Services.GetRequiredService<IWebSubHub>().PingAsync(topic);
        var failed = Assert.IsType<WebSubHubFailedFetch>(await HeardAsync(heard));

        Assert.Equal((2L, topic, "The topic answered 503.", 1L), (failed.Sequence, failed.Topic, failed.Reason, failed.Failures));
        Assert.Equal(failed.At.AddHours(1), failed.NextAttempt);
    }

    private static async Task<object> HeardAsync(ChannelReader<object> heard)
    {
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        return await heard.ReadAsync(deadline.Token);
    }

    private Task<HubHost> StartAsync(Action<HubOptions>? configure = null, TimeProvider? time = null) =>
        HubHost.StartAsync(
            ConnectionString,
            configure,
            time,
            services => services.AddSingleton<Told>().AddWebSubHub().AddEvents<Throws>().AddEvents<Hears>().AddEvents<Hears>()
        );

    /// <summary>The next change; with a clock, the one that time brings.</summary>
    private static async Task<(WebSubHubChangeKind Kind, string? Topic, string Callback, string? Reason)> NextAsync(
        HubHost hub,
        FakeTimeProvider? clock = null
    )
    {
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        var told = hub.Services.GetRequiredService<Told>().Changes.Reader;
        if (clock is not null)
            await clock.AdvanceUntilAsync(told.WaitToReadAsync(deadline.Token).AsTask(), TimeSpan.FromSeconds(31));
        var change = await told.ReadAsync(deadline.Token);
        return (change.Kind, change.Topic, change.Callback, change.Reason);
    }

    private sealed class Told
    {
        public Channel<WebSubHubChange> Changes { get; } = Channel.CreateUnbounded<WebSubHubChange>();

        public Channel<object> All { get; } = Channel.CreateUnbounded<object>();
    }

    private sealed class Hears(Told told) : IWebSubHubEvents
    {
        public async Task OnChangedAsync(WebSubHubChange change, CancellationToken cancellationToken)
        {
            await told.Changes.Writer.WriteAsync(change, cancellationToken);
            await told.All.Writer.WriteAsync(change, cancellationToken);
        }

        public Task OnPublishedAsync(WebSubHubUpdate update, CancellationToken cancellationToken) =>
            told.All.Writer.WriteAsync(update, cancellationToken).AsTask();

        public Task OnFetchFailedAsync(WebSubHubFailedFetch failed, CancellationToken cancellationToken) =>
            told.All.Writer.WriteAsync(failed, cancellationToken).AsTask();

        public Task OnActionAsync(WebSubHubCompletedAction completed, CancellationToken cancellationToken) =>
            told.All.Writer.WriteAsync(completed, cancellationToken).AsTask();
    }

    private sealed class Throws : IWebSubHubEvents
    {
        public Task OnChangedAsync(WebSubHubChange change, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("a listener's fault");
    }

    public sealed class OnSqlite() : HubEventsTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : HubEventsTests(server);
}
