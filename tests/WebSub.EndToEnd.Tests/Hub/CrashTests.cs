using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>
/// What was answered 2xx survives <c>kill -9</c>: the process is killed, started again on the same database and port, and what it owed is
/// done. Repeats are allowed and carry the same delivery id.
/// </summary>
public abstract class CrashTests : IAsyncLifetime
{
    private const string Topic = "http://topics.example/survivors";
    private const string Secret = "höchst geheim";

    // Shorter than the claims that a killed node leaves behind on PostgreSQL: it is seen to be gone.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(25);

    private HubProcess _hub = null!;
    private CallbackSink _sink = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await HubProcess.StartAsync(
            await CreateDatabaseAsync(),
            ("WebSub:Hub:Delivery:RetrySeconds", "1,1,1"),
            ("WebSub:Hub:Verification:TimeoutSeconds", "2"),
            ("WebSub:Hub:Verification:RetrySeconds", "1,1,1,1")
        );
        _sink = await CallbackSink.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _hub?.ReportFailure();
        if (_sink is not null)
            await _sink.DisposeAsync();
        if (_hub is not null)
            await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Push_HubKilledRightAfterAccepting_DeliversAllInOrderAfterRestart()
    {
        var callback = await _hub.SubscribeAsync(_sink, Topic, Secret);
        string[] updates = [.. Enumerable.Range(1, 20).Select(n => $"Update {n}: Hochwasser in Husum")];

        foreach (var update in updates)
            await _hub.PushAsync(Topic, update);
        await _hub.KillAsync();
        await _hub.RestartAsync();
        var deliveries = await callback.WaitForEntriesAsync(updates.Length, Recovery);

        Assert.Equal(updates, deliveries.DistinctBy(d => d.DeliveryId).Select(d => Encoding.UTF8.GetString(d.Body)));
        Assert.All(deliveries, d => Assert.Equal(SignatureVerdict.Valid, d.Signature));
    }

    [Fact]
    public async Task Push_HubKilledBeforeAnythingIsDelivered_DeliversEveryUpdateAfterRestart()
    {
        using var gate = new Gate();
        var callback = _sink.Expect(Topic, Secret);
        callback.AnswerDelivery = (_, _) => gate.PassAsync();
        await _hub.SubscribeAsync(_sink, callback);

        await _hub.PushAsync(Topic, "first");
        await gate.ReachedAsync();
        await _hub.PushAsync(Topic, "second");
        await _hub.PushAsync(Topic, "third");
        await _hub.KillAsync();
        gate.Open();
        await _hub.RestartAsync();
        var deliveries = await callback.WaitForEntriesAsync(3, Recovery);

        Assert.Equal(["first", "second", "third"], deliveries.DistinctBy(d => d.DeliveryId).Select(d => Encoding.UTF8.GetString(d.Body)));
    }

    [Fact]
    public async Task Delivery_HubKilledWhileTheCallbackAnswers_IsRepeatedWithTheSameDeliveryId()
    {
        using var gate = new Gate();
        var callback = _sink.Expect(Topic, Secret);
        callback.AnswerDelivery = (_, _) => gate.PassAsync();
        await _hub.SubscribeAsync(_sink, callback);

        await _hub.PushAsync(Topic, "the one update");
        await gate.ReachedAsync();
        await _hub.KillAsync();
        gate.Open();
        await _hub.RestartAsync();
        var deliveries = await callback.WaitForDeliveriesAsync(2, Recovery);

        Assert.NotNull(deliveries[0].DeliveryId);
        Assert.Equal(deliveries[0].DeliveryId, deliveries[1].DeliveryId);
        Assert.Equal("the one update", Encoding.UTF8.GetString(deliveries[1].Body));
        Assert.Equal(SignatureVerdict.Valid, deliveries[1].Signature);
    }

    [Fact]
    public async Task Retry_HubKilledWhileItWaits_GoesOnAfterRestart()
    {
        var callback = await _hub.SubscribeAsync(_sink, Topic, Secret);
        callback.Respond = _ => 500;

        await _hub.PushAsync(Topic, "refused at first");
        await callback.WaitForDeliveriesAsync(2);
        await _hub.KillAsync();
        callback.Respond = _ => 200;
        await _hub.RestartAsync();
        await callback.WaitForDeliveriesAsync(3, Recovery);
        await _hub.PushAsync(Topic, "the next");
        var deliveries = await callback.WaitForEntriesAsync(2, Recovery);

        Assert.Equal(
            ["refused at first", "the next"],
            deliveries.DistinctBy(d => d.DeliveryId).Select(d => Encoding.UTF8.GetString(d.Body))
        );
    }

    [Fact]
    public async Task Ping_HubKilledRightAfterAccepting_FetchesAndDeliversAfterRestart()
    {
        await using var site = await FeedSite.StartAsync(_hub.Url);
        var topic = site.Url(FeedSite.Atom);
        var callback = await _hub.SubscribeAsync(_sink, topic, Secret);

        await _hub.PingAsync((HubParameters.Url, topic));
        await _hub.KillAsync();
        await _hub.RestartAsync();
        var deliveries = await callback.WaitForDeliveriesAsync(1, Recovery);

        Assert.Equal(site.Body(FeedSite.Atom), deliveries[0].Body);
        Assert.Single(deliveries.DistinctBy(d => d.DeliveryId));
    }

    [Fact]
    public async Task Ping_HubKilledWhileItFetches_FetchesAgainAfterRestart()
    {
        using var gate = new Gate();
        await using var site = await FeedSite.StartAsync(_hub.Url);
        var topic = site.Url(FeedSite.Rss);
        var callback = await _hub.SubscribeAsync(_sink, topic, Secret);

        site.BeforeAnswer = _ => gate.PassAsync();
        await _hub.PingAsync((HubParameters.Topic, topic));
        await gate.ReachedAsync();
        await _hub.KillAsync();
        gate.Open();
        site.Update();
        await _hub.RestartAsync();
        var deliveries = await callback.WaitForDeliveriesAsync(1, Recovery);

        Assert.Equal(site.Body(FeedSite.Rss), deliveries[0].Body);
    }

    [Fact]
    [Trait("Req", "H9")]
    public async Task Subscribe_HubKilledRightAfterAccepting_VerifiesAndDeliversAfterRestart()
    {
        var callback = _sink.Expect(Topic, Secret);
        // Whatever the first process still asks before its end is not answered.
        callback.AnswerChallenge = (_, response) => Task.FromResult(response.StatusCode = 503);

        var response = await _sink.RequestAsync(_hub.Url, callback, leaseSeconds: 4000);
        await _hub.KillAsync();
        callback.AnswerChallenge = null;
        await _hub.RestartAsync();
        await _hub.VerifiedAsync(callback, leaseSeconds: 4000);
        await _hub.PushAsync(Topic, "for the verified");
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(202, response.StatusCode);
        Assert.Equal("for the verified", Encoding.UTF8.GetString(deliveries[0].Body));
        Assert.Equal(SignatureVerdict.Valid, deliveries[0].Signature);
    }

    [Fact]
    [Trait("Req", "H8")]
    public async Task Unsubscribe_HubKilledRightAfterAccepting_VerifiesAndEndsAfterRestart()
    {
        var callback = await _hub.SubscribeAsync(_sink, Topic);
        var other = await _hub.SubscribeAsync(_sink, Topic);
        callback.AnswerChallenge = (_, response) => Task.FromResult(response.StatusCode = 503);

        await _sink.RequestAsync(_hub.Url, callback, HubModes.Unsubscribe);
        await _hub.KillAsync();
        callback.AnswerChallenge = null;
        await _hub.RestartAsync();
        await _hub.VerifiedAsync(callback, HubModes.Unsubscribe);
        await _hub.PushAsync(Topic, "for the one that stays");
        await other.WaitForDeliveriesAsync(1);
        await _hub.PushAsync(Topic, "one more");
        await other.WaitForDeliveriesAsync(2);

        Assert.Empty(callback.Deliveries);
    }

    [Fact]
    [Trait("Req", "H9")]
    public async Task Subscribe_HubKilledWhileItVerifies_VerifiesAgainWithAnotherChallenge()
    {
        using var gate = new Gate();
        var callback = _sink.Expect(Topic, Secret);
        callback.AnswerChallenge = (_, _) => gate.PassAsync();

        await _sink.RequestAsync(_hub.Url, callback);
        await gate.ReachedAsync();
        await _hub.KillAsync();
        callback.AnswerChallenge = null;
        gate.Open();
        await _hub.RestartAsync();
        await _hub.VerifiedAsync(callback);
        await _hub.PushAsync(Topic, "for the verified");
        await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(2, callback.Verifications.Count);
        Assert.NotEqual(callback.Verifications[0][HubParameters.Challenge], callback.Verifications[1][HubParameters.Challenge]);
    }

    [Fact]
    public async Task Stop_OfAnIdleHub_ByTheServiceManager_EndsWithZeroAndRepeatsNothing()
    {
        var callback = await _hub.SubscribeAsync(_sink, Topic, Secret);
        await _hub.PushAsync(Topic, "before the stop");
        await callback.WaitForDeliveriesAsync(1);

        await _hub.Process.TerminateAsync();
        var exitCode = await _hub.Process.WaitForExitAsync();
        await _hub.RestartAsync();
        await _hub.PushAsync(Topic, "after the stop");
        var deliveries = await callback.WaitForEntriesAsync(2, Recovery);

        Assert.Equal(0, exitCode);
        Assert.Equal(["before the stop", "after the stop"], deliveries.Select(d => Encoding.UTF8.GetString(d.Body)));
    }

    private protected abstract Task<string> CreateDatabaseAsync();
}
