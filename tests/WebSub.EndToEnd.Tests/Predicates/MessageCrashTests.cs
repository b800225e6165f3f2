using System.Text;
using System.Text.Json.Nodes;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.Predicates;
using WebSub.Signatures;

namespace WebSub.EndToEnd.Tests.Predicates;

/// <summary>A message that was answered 201, and a subscription that was answered 202, survive <c>kill -9</c>.</summary>
public abstract class MessageCrashTests : IAsyncLifetime
{
    private const string Secret = "höchst geheim";

    // Longer than any claim that a killed node leaves behind on PostgreSQL.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(90);
    private readonly HttpClient _http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
    private HubProcess _hub = null!;
    private CallbackSink _sink = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await HubProcess.StartAsync(await CreateDatabaseAsync(), ("WebSub:Hub:Delivery:RetrySeconds", "1,1,1"));
        _sink = await CallbackSink.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _hub?.ReportFailure();
        _http.Dispose();
        if (_sink is not null)
            await _sink.DisposeAsync();
        if (_hub is not null)
            await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Messages_HubKilledRightAfterThe201_AreReadableAndDeliveredInOrderAfterRestart()
    {
        var api = new PredicateApi(_http, new(_hub.Origin));
        var callback = _sink.Expect("un.cefact", Secret);
        var subscribed = await api.SubscribeAsync(
            new(callback.Topic, callback.Url) { Secret = Secret },
            TestContext.Current.CancellationToken
        );

        var posted = new List<PredicateMessage>();
        for (var i = 1; i <= 20; i++)
            posted.Add((await api.PostAsync(Message(i), TestContext.Current.CancellationToken)).Value!);
        var batch = await api.PostAsync([Message(21), Message(22)], TestContext.Current.CancellationToken);
        await _hub.KillAsync();
        await _hub.RestartAsync();
        var deliveries = await callback.WaitForEntriesAsync(22, Recovery);
        var read = await api.ReadAsync(posted[19].Reference!, TestContext.Current.CancellationToken);

        Assert.True(subscribed.IsAccepted, subscribed.Explanation);
        Assert.Equal(201, batch.StatusCode);
        Assert.Equal(
            Enumerable.Range(1, 22).Select(i => $"co-{i}"),
            deliveries.DistinctBy(d => d.DeliveryId).Select(d => (string?)JsonNode.Parse(Encoding.UTF8.GetString(d.Body))!["sender_ref"])
        );
        Assert.All(deliveries, d => Assert.Equal(SignatureVerdict.Valid, d.Signature));
        Assert.Equal("co-20", read.Value?.SenderRef);
    }

    [Fact]
    public async Task Status_HubKilledRightAfterTheAnswer_IsToldAfterRestart()
    {
        using var gate = new Gate();
        var api = new PredicateApi(_http, new(_hub.Origin));
        var callback = _sink.Expect("message.status.change.co-1.", Secret);
        callback.AnswerDelivery = (_, _) => gate.PassAsync();
        await api.SubscribeAsync(new(callback.Topic, callback.Url) { Secret = Secret }, TestContext.Current.CancellationToken);
        var reference = (await api.PostAsync(Message(1), TestContext.Current.CancellationToken)).Value!.Reference!;

        var changed = await api.ChangeStatusAsync(reference, "accepted", TestContext.Current.CancellationToken);
        await gate.ReachedAsync();
        await _hub.KillAsync();
        gate.Open();
        await _hub.RestartAsync();
        var deliveries = await callback.WaitForDeliveriesAsync(2, Recovery);

        Assert.True(changed.IsAccepted, changed.Explanation);
        Assert.Equal(deliveries[0].DeliveryId, deliveries[1].DeliveryId);
        Assert.True(PredicateEvent.TryParse(deliveries[1].Body, out var told, out var error), error);
        Assert.Equal(("message.co-1.status", "AU:co-1", "accepted"), (told.Predicate, told.SenderRef, told.Status));
        Assert.Equal("accepted", (await api.ReadAsync(reference, TestContext.Current.CancellationToken)).Value?.Status);
    }

    private protected abstract Task<string> CreateDatabaseAsync();

    private static PredicateMessage Message(int number) =>
        new()
        {
            Sender = "AU",
            Receiver = "CN",
            Subject = $"AU.certificate.{number}",
            Obj = $"https://documents.example/{number}",
            Predicate = "UN.CEFACT.Trade.CertificateOfOrigin.created",
            SenderRef = $"co-{number}",
        };
}
