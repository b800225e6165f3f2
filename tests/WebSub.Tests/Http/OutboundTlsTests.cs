using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using WebSub.TestSupport;

namespace WebSub.Http;

/// <summary>Whose certificates are believed.</summary>
public sealed class OutboundTlsTests
{
    [Fact]
    public async Task Send_PeerOfAPrivateAuthority_IsBelievedOnlyWithThatOne()
    {
        using var ours = TestCertificates.Create();
        using var others = TestCertificates.Create();
        await using var peer = await StartAsync(ours.Server);

        var trusting = await GetAsync(UrlOf(peer), ours.Authority);
        var failures = new List<Exception>();
        foreach (var trusted in new X509Certificate2[][] { [], [others.Authority], [ours.Server] })
            failures.Add(await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(UrlOf(peer), trusted)));

        Assert.Equal(HttpStatusCode.OK, trusting);
        Assert.All(failures, f => Assert.IsType<AuthenticationException>(f.InnerException));
    }

    [Fact]
    public async Task Send_CertificateOfAnotherHost_IsRefused_WhoeverSignedIt()
    {
        using var certificates = TestCertificates.Create();
        await using var peer = await StartAsync(certificates.Server);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() =>
            GetAsync(UrlOf(peer).Replace("127.0.0.1", "localhost", StringComparison.Ordinal), certificates.Authority)
        );

        Assert.IsType<AuthenticationException>(failure.InnerException);
    }

    [Fact]
    public async Task Send_CertificateThatNamesAnAddress_HasNothingDownloadedFromIt()
    {
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        using var certificates = TestCertificates.Create($"http://{inside.LocalEndpoint}/issuer.cer");
        using var peer = new TcpListener(IPAddress.Loopback, 0);
        peer.Start();
        var answering = AnswerAsync(peer, certificates.Server);

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync($"https://{peer.LocalEndpoint}/"));
        var trusting = await GetAsync($"https://{peer.LocalEndpoint}/", certificates.Authority);

        Assert.Equal(HttpStatusCode.OK, trusting);
        Assert.False(inside.Pending());
        await answering;
    }

    [Fact]
    public async Task Send_PeerThatNeverSpeaksTls_IsNamedWithItsAddressAndTheStep()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var http = OutboundHttp.CreateClient(
            new OutboundOptions { AllowPrivateNetworks = true, ConnectTimeout = TimeSpan.FromSeconds(0.5) }
        );
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri($"https://localhost:{port}/")));

        Assert.Equal($"127.0.0.1:{port}: connected, but the TLS handshake did not end in time", failure.Message);
    }

    [Fact]
    public void CreateHandler_TimeForTheHandshake_EndsBeforeThatOfTheCallers()
    {
        using var handler = OutboundHttp.CreateHandler(new());
        using var http = OutboundHttp.CreateClient(new OutboundOptions());

        var caller = new HubClient(http).Timeout;

        Assert.InRange(handler.ConnectTimeout, new OutboundOptions().ConnectTimeout + TimeSpan.FromSeconds(1), caller);
    }

    private static async Task<HttpStatusCode> GetAsync(string url, params X509Certificate2[] trusted)
    {
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true, TrustedAuthorities = [.. trusted] });
        using var response = await http.GetAsync(new Uri(url));
        return response.StatusCode;
    }

    /// <summary>Answers two connections, and is no server that would look for its own issuer.</summary>
    private static async Task AnswerAsync(TcpListener peer, X509Certificate2 certificate)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
        };
        for (var i = 0; i < 2; i++)
        {
            using var client = await peer.AcceptTcpClientAsync();
            await using var tls = new SslStream(client.GetStream());
            try
            {
                await tls.AuthenticateAsServerAsync(options);
                _ = await tls.ReadAtLeastAsync(new byte[4], 4);
                await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                // It did not believe us.
            }
        }
    }

    private static string UrlOf(WebApplication peer) =>
        peer.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private static async Task<WebApplication> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("here"));
        await app.StartAsync();
        return app;
    }
}
