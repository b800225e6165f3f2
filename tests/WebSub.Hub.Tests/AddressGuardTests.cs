using System.Diagnostics;
using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Subscribing;
using WebSub.Hub.Tests.Publishing;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Testing;
using Xunit;

namespace WebSub.Hub.Tests;

/// <summary>
/// A name that leads into the operator's network is refused when the connection is made; what the HTTP stack makes of that must still be
/// distinguishable from a peer that is down.
/// </summary>
public sealed class AddressGuardTests : IDisposable
{
    private readonly IOptions<HubOptions> _options = Options.Create(new HubOptions());
    private readonly HubClock _time = new(TimeProvider.System);
    private readonly HubHttp _http;

    public AddressGuardTests() => _http = new(_options);

    [Fact]
    public async Task Delivery_ToAPrivateAddress_IsRefused_NotAFailureToConnect()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        var sender = new DeliverySender(_options, _http, _time);

        var outcome = await sender.SendAsync(
            TargetOf(subscriber.Callback()),
            new() { Sequence = 1 },
            new([], null),
            default(ActivityContext),
            TestContext.Current.CancellationToken
        );

        // Neither the circuit nor the doubt in our own connection is about this (rules 19, 23).
        Assert.Equal(DeliveryResult.AddressRefused, outcome.Result);
        Assert.Contains("WebSub:Outbound:AllowPrivateNetworks", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(subscriber.Deliveries);
    }

    [Fact]
    public async Task Delivery_AnsweredWithBytesThatNoTextHolds_FailsForAReasonThatCanBeStored()
    {
        var options = Options.Create(new HubOptions());
        options.Value.Outbound.AllowPrivateNetworks = true;
        using var http = new HubHttp(options);
        await using var peer = await RawPublisher.StartAsync("X\0\u001b[31m", "x");
        var sender = new DeliverySender(options, http, _time);

        var outcome = await sender.SendAsync(
            TargetOf(peer.Url),
            new() { Sequence = 1 },
            new([], null),
            default(ActivityContext),
            TestContext.Current.CancellationToken
        );

        // PostgreSQL cannot store a NUL in text: a peer must not be able to prevent the save of its lane.
        Assert.Equal(DeliveryResult.Broken, outcome.Result);
        Assert.DoesNotContain(outcome.Error!, char.IsControl);
    }

    [Fact]
    public async Task Verification_OfAPrivateAddress_IsRejectedForGood()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        var intent = new IntentRequest(_http, _time);

        var (answer, reason) = await intent.AskAsync(
            new RequestRow
            {
                Mode = HubModes.Subscribe,
                Topic = "https://publisher.example/",
                Callback = subscriber.Callback(),
            },
            TimeSpan.FromSeconds(10),
            CancellationToken.None,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(IntentAnswer.Rejected, answer);
        Assert.Contains("WebSub:Outbound:AllowPrivateNetworks", reason, StringComparison.Ordinal);
        Assert.Empty(subscriber.Verifications);
    }

    public void Dispose() => _http.Dispose();

    private static DeliveryTarget TargetOf(string callback) =>
        DeliveryTarget.For(
            new() { Callback = callback },
            TopicHeaders.For(new(1), "https://publisher.example/", "https://hub.example/"),
            null!,
            SignatureMethod.Sha256
        );
}
