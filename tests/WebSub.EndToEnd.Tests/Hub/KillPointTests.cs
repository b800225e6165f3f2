using System.Text;
using System.Text.Json.Nodes;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>
/// <c>kill -9</c> at each step of the straight line (docs/concepts/engine.md), reached by watching the hub's activities. The server that is
/// started after it loses nothing, and repeats no more than rule 17 allows: 16 entries per subscription.
/// </summary>
public abstract class KillPointTests : IAsyncLifetime
{
    private const string Topic = "http://topics.example/tides";
    private const string OtherTopic = "http://topics.example/moon";
    private const string Secret = "ebb and flow";
    private const int MaxAhead = 16;
    private static readonly (string Name, string Value)[] Settings =
    [
        ("WebSub:Hub:Delivery:RetrySeconds", "1,1,1"),
        ("WebSub:Hub:Verification:RetrySeconds", "1,1"),
        ("WebSub:Hub:Verification:TimeoutSeconds", "2"),
    ];

    private CallbackSink _sink = null!;
    private HubProcess? _hub;

    public async ValueTask InitializeAsync() => _sink = await CallbackSink.StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _hub?.ReportFailure();
        if (_hub is not null)
            await _hub.DisposeAsync();
        if (_sink is not null)
            await _sink.DisposeAsync();
    }

    [Fact]
    [Trait("Req", "H9")]
    public async Task Kill_After202OfSubscribe_IsVerifiedOnceAndDelivered()
    {
        var hub = await StartAsync(new("websub.verify", "started", Waits: true));
        var callback = _sink.Expect(Topic, Secret);
        hub.Arm();

        var response = await _sink.RequestAsync(hub.Url, callback, leaseSeconds: 4000);
        await hub.ReachedAsync();
        await hub.KillAsync();
        var askedBefore = callback.Verifications.Count;
        await hub.RestartAsync();
        await hub.VerifiedAsync(callback, leaseSeconds: 4000);
        await hub.PushAsync(Topic, "for the verified");
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(202, response.StatusCode);
        Assert.Equal(0, askedBefore);
        Assert.Single(callback.Verifications);
        Assert.Equal(SignatureVerdict.Valid, deliveries[0].Signature);
    }

    [Fact]
    [Trait("Req", "H9")]
    public async Task Kill_BetweenVerificationAndSave_IsAskedAgainAndSubscribedOnce()
    {
        var hub = await StartAsync(new("websub.verify.save", "started"));
        var callback = _sink.Expect(Topic, Secret);
        hub.Arm();

        var response = await _sink.RequestAsync(hub.Url, callback);
        await hub.Process.WaitForExitAsync();
        var askedBefore = callback.Verifications.Count;
        await hub.RestartAsync();
        await hub.VerifiedAsync(callback);
        foreach (var update in (string[])["one", "two"])
            await hub.PushAsync(Topic, update);
        var deliveries = await callback.WaitForDeliveriesAsync(2);

        Assert.Equal(202, response.StatusCode);
        Assert.Equal(1, askedBefore);
        Assert.Equal(2, callback.Verifications.DistinctBy(v => v[HubParameters.Challenge]).Count());
        Assert.Equal(["one", "two"], deliveries.Select(Text));
    }

    [Fact]
    public async Task Kill_After202OfPublish_DeliversAllInOrderOnce()
    {
        var hub = await StartAsync(new("websub.deliver", "started", Waits: true));
        var callbacks = await SubscribeAsync(hub, 2);
        hub.Arm();

        foreach (var update in (string[])["one", "two"])
            await hub.PushAsync(Topic, update);
        await hub.ReachedAsync();
        await hub.KillAsync();
        var deliveredBefore = callbacks.Sum(c => Updates(c).Count);
        await hub.RestartAsync();
        await hub.PushAsync(Topic, "three");
        foreach (var callback in callbacks)
            await callback.WaitForDeliveryAsync(d => Text(d) == "three");

        Assert.Equal(0, deliveredBefore);
        Assert.All(callbacks, c => Assert.Equal(["one", "two", "three"], Updates(c)));
    }

    [Fact]
    public async Task Kill_DuringFetch_FetchesAgainAndDeliversOnce()
    {
        var hub = await StartAsync(new("websub.fetch", "stopped", Waits: true));
        await using var site = await FeedSite.StartAsync(hub.Url);
        var topic = site.Url(FeedSite.Atom);
        var callback = await hub.SubscribeAsync(_sink, topic, Secret);
        hub.Arm();

        await hub.PingAsync((HubParameters.Url, topic));
        await hub.ReachedAsync();
        await hub.KillAsync();
        site.Update();
        await hub.RestartAsync();
        await callback.WaitForDeliveriesAsync(1);
        await hub.PushAsync(topic, "the last one");
        var deliveries = await callback.WaitForDeliveriesAsync(2);

        Assert.Equal(2, site.Requests.Count(r => r.Path == FeedSite.Atom));
        Assert.Equal([site.Body(FeedSite.Atom), Encoding.UTF8.GetBytes("the last one")], deliveries.Select(d => d.Body));
    }

    [Fact]
    public async Task Kill_MidLane_ReachesEveryoneAndRepeatsAtMostThisUpdate()
    {
        var hub = await StartAsync(new("websub.deliver", "stopped", Times: 20), ("WebSub:Hub:Delivery:MaxPerOrigin", "8"));
        var callbacks = await SubscribeAsync(hub, 40);
        using var gate = new Gate();
        foreach (var callback in callbacks)
            callback.AnswerDelivery = (_, _) => gate.PassAsync();
        hub.Arm();

        await hub.PushAsync(Topic, "the tide turns");
        gate.Open();
        await hub.Process.WaitForExitAsync();
        var deliveredBefore = callbacks.Count(c => Updates(c).Count > 0);
        await hub.RestartAsync();
        await hub.PushAsync(Topic, "the end");
        foreach (var callback in callbacks)
            await callback.WaitForDeliveryAsync(d => Text(d) == "the end");

        // An attempt of the update before may have ended only now and count as one.
        Assert.InRange(deliveredBefore, 1, callbacks.Count);
        Assert.All(callbacks, c => Assert.Equal(["the tide turns", "the end"], Updates(c).Distinct()));
        Assert.All(callbacks, c => Assert.InRange(Updates(c).Count, 2, 3));
        Assert.InRange(callbacks.Sum(Repeats), 1, deliveredBefore);
    }

    [Fact]
    public async Task Kill_BeforeTheCursorIsSaved_RepeatsAtMostSixteenPerSubscription()
    {
        const int Entries = 40;
        var hub = _hub = await HubProcess.StartAsync(
            await CreateDatabaseAsync(),
            [.. Settings, ("WebSub:Hub:Delivery:StragglerMilliseconds", "9000")]
        );
        var callbacks = await SubscribeAsync(hub, 5);
        var other = await hub.SubscribeAsync(_sink, OtherTopic);
        // An orderly stop saves everything: from here on, nothing but the updates is to be saved.
        await hub.Process.TerminateAsync();
        await hub.Process.WaitForExitAsync();
        await hub.RestartToBeKilledAsync(new("websub.lane.save", "started", Waits: true));
        string[] updates = [.. Enumerable.Range(1, Entries).Select(n => $"{n}")];
        using var gate = new Gate();
        foreach (var callback in callbacks.Append(other))
            callback.AnswerDelivery = (_, _) => gate.PassAsync();
        hub.Arm();

        foreach (var update in updates)
            await hub.PushAsync(Topic, update);
        // Once the hub delivers what came later, the lane's run knows of all of them.
        await hub.PushAsync(OtherTopic, "later");
        await other.WaitForDeliveriesAsync(1);
        gate.Open();
        await hub.ReachedAsync();
        foreach (var callback in callbacks)
            await callback.WaitForDeliveryAsync(d => Text(d) == $"{MaxAhead}");
        await hub.KillAsync();
        var deliveredBefore = callbacks.Max(c => Updates(c).Count);
        await hub.RestartAsync();
        foreach (var callback in callbacks)
            await callback.WaitForDeliveryAsync(d => Text(d) == updates[^1]);

        Assert.Equal(MaxAhead, deliveredBefore);
        Assert.All(callbacks, c => Assert.Equal(updates, Updates(c).Distinct()));
        Assert.All(callbacks, c => Assert.InRange(Repeats(c), 1, MaxAhead));
    }

    [Fact]
    public async Task Kill_After202OfAnAction_CarriesItOutAfterTheRestart()
    {
        var hub = await StartAsync(new("websub.action", "started", Waits: true));
        var callback = (await SubscribeAsync(hub, 1))[0];
        await hub.PushAsync(Topic, "once");
        await callback.WaitForDeliveryAsync(d => Text(d) == "once");
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        var client = new HubClient(http);
        var list = JsonNode.Parse(
            await http.GetStringAsync(new Uri(hub.Origin + "/api/v1/subscriptions"), TestContext.Current.CancellationToken)
        )!;
        var replay = $"{hub.Origin}/api/v1/subscriptions/{list["items"]![0]!["id"]}/replay";
        hub.Arm();

        var answer = await client.PostAsync(replay, "{\"from\":1}"u8.ToArray(), "application/json");
        await hub.ReachedAsync();
        await hub.KillAsync();
        var replayedBefore = callback.Deliveries.Count(IsReplay);
        await hub.RestartAsync();
        await callback.WaitForDeliveryAsync(d => IsReplay(d) && Text(d) == "once");

        Assert.Equal((202, 0), (answer.StatusCode, replayedBefore));
    }

    private protected abstract Task<string> CreateDatabaseAsync();

    private async Task<HubProcess> StartAsync(KillPoint point, params (string Name, string Value)[] settings) =>
        _hub = await HubProcess.StartToBeKilledAsync(await CreateDatabaseAsync(), point, [.. Settings, .. settings]);

    /// <summary>Subscriptions that have had updates and go with their lane.</summary>
    private async Task<IReadOnlyList<SinkCallback>> SubscribeAsync(HubProcess hub, int count)
    {
        var callbacks = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => hub.SubscribeAsync(_sink, Topic, Secret)));
        for (var i = 1; i <= 2; i++)
        {
            await hub.PushAsync(Topic, $"before {i}");
            foreach (var callback in callbacks)
                await callback.WaitForDeliveryAsync(d => Text(d) == $"before {i}");
        }

        return callbacks;
    }

    private static string Text(SinkDelivery delivery) => Encoding.UTF8.GetString(delivery.Body);

    private static bool IsReplay(SinkDelivery delivery) => delivery.Header(HubHeaders.DeliveryReplay) is not null;

    /// <summary>What came since the hub was armed.</summary>
    private static IReadOnlyList<string> Updates(SinkCallback callback) =>
        [.. callback.Deliveries.Select(Text).Where(t => !t.StartsWith("before", StringComparison.Ordinal))];

    private static int Repeats(SinkCallback callback) => Updates(callback).Count - Updates(callback).Distinct().Count();
}
