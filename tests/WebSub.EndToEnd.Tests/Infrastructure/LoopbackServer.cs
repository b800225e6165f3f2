using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// A real Kestrel on a loopback port that answers with one delegate. No port serves twice in a test run: a hub that many tests share would
/// take the site of one test for that of another, whose content it has already delivered.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app)
    {
        _app = app;
        Url = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
    }

    /// <summary><c>http://127.0.0.1:PORT</c>, or https with a certificate, without a slash at the end.</summary>
    public string Url { get; }

    public static async Task<LoopbackServer> StartAsync(RequestDelegate answer, int? port = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .UseKestrelHttpsConfiguration()
            .ConfigureKestrel(o =>
                o.Listen(
                    IPAddress.Loopback,
                    port ?? FreePort.Next(),
                    l =>
                    {
                        if (certificate is not null)
                            l.UseHttps(certificate);
                    }
                )
            );
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
