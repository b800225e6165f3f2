using System.Text;
using Microsoft.AspNetCore.Http;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;
using WebSub.Publishing;
using WebSub.Signatures;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>Hub, publisher and subscriber on TLS, with certificates of an authority that only the settings name.</summary>
public abstract class TlsTests : IDisposable
{
    private const string Secret = "sieben-muscheln-und-ein-krebs";
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-tls-").FullName;
    private readonly TestCertificates _certificates = TestCertificates.Create();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _certificates.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Ref", "BH-13")]
    public async Task AllOnTls_TheSettingNamesTheAuthority_IsFetchedAndDelivered()
    {
        var files = _certificates.Save(_folder);
        await using var sink = await CallbackSink.StartAsync(_certificates);
        await using var publisher = await LoopbackServer.StartAsync(
            context => context.Response.WriteAsync("news over TLS"),
            certificate: _certificates.Server
        );
        await using var hub = await HubProcess.StartAsync(
            await CreateDatabaseAsync(_folder),
            ("Kestrel:Certificates:Default:Path", files.Certificate),
            ("Kestrel:Certificates:Default:KeyPath", files.Key),
            ("WebSub:Outbound:TrustedAuthorities", files.Authority)
        );
        using var http = OutboundHttp.CreateClient(
            new OutboundOptions { AllowPrivateNetworks = true, TrustedAuthorities = [_certificates.Authority] }
        );

        var callback = await hub.SubscribeAsync(sink, publisher.Url + "/feed", Secret);
        var pinged = await new HubPublisher(new HubClient(http)).PingAsync(hub.Url, publisher.Url + "/feed");
        var delivery = (await callback.WaitForDeliveriesAsync(1))[0];

        Assert.True(pinged.IsAccepted, pinged.Explanation);
        Assert.Equal(("news over TLS", SignatureVerdict.Valid), (Encoding.UTF8.GetString(delivery.Body), delivery.Signature));
        Assert.All([hub.Url, callback.Url, publisher.Url], url => Assert.StartsWith("https://127.0.0.1:", url, StringComparison.Ordinal));
        Assert.Contains($"<{hub.Url}>; rel=\"hub\"", string.Join(", ", delivery.Headers["Link"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallbackOnTls_NoSettingNamesItsAuthority_IsNotVerified_AndTheLogSaysWhy()
    {
        await using var sink = await CallbackSink.StartAsync(_certificates);
        await using var hub = await HubProcess.StartAsync(
            await CreateDatabaseAsync(_folder),
            ("WebSub:Hub:Verification:RetrySeconds", "0")
        );
        var callback = sink.Expect("https://topics.example/tls");

        var response = await sink.RequestAsync(hub.Url, callback);
        await hub.NotConfirmedAsync(callback);

        Assert.Equal(202, response.StatusCode);
        Assert.Empty(callback.Verifications);
        Assert.Contains(
            hub.Process.Lines,
            l => l.Text.Contains("not confirmed", StringComparison.Ordinal) && l.Text.Contains("certificate", StringComparison.Ordinal)
        );
    }

    private protected abstract Task<string> CreateDatabaseAsync(string folder);
}
