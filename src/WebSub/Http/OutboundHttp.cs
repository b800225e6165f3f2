using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;

namespace WebSub.Http;

/// <summary>
/// Creates the HTTP clients of every component: guarded addresses, one user agent, no cookies, no automatic redirects, no environment
/// proxy. Time and size limits are up to the caller, per request.
/// </summary>
public static class OutboundHttp
{
    /// <summary>For the proxy's own address, which the operator configured.</summary>
    private static readonly AddressGuard Anywhere = new(new OutboundOptions { AllowPrivateNetworks = true });

    /// <summary>The <c>User-Agent</c> of all our requests.</summary>
    public static string UserAgent { get; } = $"WebSub-DotNet/{Version?.InformationalVersion.Split('+')[0]}";

    private static AssemblyInformationalVersionAttribute? Version =>
        typeof(OutboundHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();

    /// <summary>A client with its own handler; dispose it when done.</summary>
    public static HttpClient CreateClient(OutboundOptions options) => CreateClient(CreateHandler(options));

    /// <summary>A client with the given handler: our user agent, no timeout.</summary>
    public static HttpClient CreateClient(HttpMessageHandler handler)
    {
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", UserAgent);
        return client;
    }

    /// <summary>The guarded handler.</summary>
    public static SocketsHttpHandler CreateHandler(OutboundOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var guard = new AddressGuard(options);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = options.Proxy is not null,
            ConnectTimeout = options.ConnectTimeout,
            // A new connection resolves and checks its address again, so a changed address is picked up within minutes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = 32,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            MaxResponseDrainSize = 16 * 1024,
        };
        // A peer's certificate may name any address for its issuer's certificate: fetching that would be an unguarded request.
        handler.SslOptions.CertificateChainPolicy = new()
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (options.TrustedAuthorities.Count > 0)
            handler.SslOptions.RemoteCertificateValidationCallback = new PrivateAuthorities(options.TrustedAuthorities).Accepts;
        if (options.Proxy is { } proxy)
        {
            handler.Proxy = new GuardedProxy(proxy, guard);
            handler.ConnectCallback = (context, cancellationToken) =>
                guard.AllowsHostOf(context.InitialRequestMessage.RequestUri!)
                    ? ConnectAsync(Anywhere, context.DnsEndPoint, cancellationToken)
                    : throw new AddressRefusedException(context.InitialRequestMessage.RequestUri!.Host);
        }
        else
        {
            handler.ConnectCallback = (context, cancellationToken) => ConnectAsync(guard, context.DnsEndPoint, cancellationToken);
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(AddressGuard guard, DnsEndPoint target, CancellationToken cancellationToken)
    {
        var resolved = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false);
        var allowed = Array.FindAll(resolved, guard.Allows);
        if (allowed.Length == 0)
            throw new AddressRefusedException(target.Host);

        SocketException? last = null;
        foreach (var address in allowed)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, target.Port, cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last!;
    }
}
