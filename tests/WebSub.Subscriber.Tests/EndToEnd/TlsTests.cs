using System.Net;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Http;
using WebSub.Signatures;
using WebSub.Subscriber.Subscriptions;
using WebSub.Testing;
using WebSub.TestSupport;
using WebSub.Values;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

/// <summary>A hub and a subscriber that speak TLS, with certificates of an authority nobody knows.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = TestCertificates.Create();

    [Fact]
    [Trait("Ref", "BS-18")]
    [Trait("Req", "S10")]
    public async Task BothOnTls_HubClientTrustsThePrivateAuthority_IsSubscribedAndDelivered()
    {
        await using var hub = await FakeHub.StartAsync(_certificates.Server);
        await using var app = await SubscriberApp.StartAsync(
            certificate: _certificates.Server,
            build: b => b.AddHubHttpClient("private").ConfigurePrimaryHttpMessageHandler(() => Trusting())
        );
        using var http = OutboundHttp.CreateClient(Trusting());

        var subscription = await app.Subscriptions.SubscribeAsync(
            WebSubTarget.Topic("t", hub.Url),
            "news",
            new() { HttpClient = "private" }
        );
        var request = await hub.NextRequestAsync(TestContext.Current.CancellationToken);
        var callback = request.Callback;
        var verified = await http.GetAsync(
            $"{callback}?hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=60",
            TestContext.Current.CancellationToken
        );
        using var delivery = new HttpRequestMessage(HttpMethod.Post, callback) { Content = new StringContent("news") };
        delivery.Headers.Add(
            "X-Hub-Signature",
            HubSignature.Compute(SignatureMethod.Sha256, Secret.Parse(request.Secret!).Bytes, "news"u8)
        );
        var delivered = await http.SendAsync(delivery, TestContext.Current.CancellationToken);

        Assert.StartsWith("https://127.0.0.1:", callback, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (verified.StatusCode, delivered.StatusCode));
        Assert.Equal("news", (await app.NextNotificationAsync()).Text);
        Assert.True((await app.GetAsync(subscription.Id)).IsSigned);
    }

    [Fact]
    public async Task HubOnTls_AuthorityIsUnknown_IsAConnectionErrorThatSaysSo()
    {
        await using var hub = await FakeHub.StartAsync(_certificates.Server);
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic("t", hub.Url), "news");
        var change = await app.NextAsync(WebSubChangeKind.AttemptFailed);

        Assert.Equal(WebSubRequestState.ConnectionError, change.Subscription.RequestState);
        Assert.Contains("certificate", change.Reason, StringComparison.Ordinal);
        Assert.Empty(hub.Requests);
    }

    public void Dispose() => _certificates.Dispose();

    private SocketsHttpHandler Trusting()
    {
        var handler = OutboundHttp.CreateHandler(new() { AllowPrivateNetworks = true });
        _certificates.Trust(handler);
        return handler;
    }
}
