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
        var givenUp = await NextAsync(hub);
        await hub.PublishAsync(Topic, "no more");
        var gone = await NextAsync(hub);

        Assert.Equal((WebSubHubChangeKind.UpdateGivenUp, Topic, subscriber.Callback(), "The callback answered 500."), givenUp);
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
    }

    private sealed class Hears(Told told) : IWebSubHubEvents
    {
        public Task OnChangedAsync(WebSubHubChange change, CancellationToken cancellationToken) =>
            told.Changes.Writer.WriteAsync(change, cancellationToken).AsTask();
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
