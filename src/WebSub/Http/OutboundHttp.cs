using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace WebSub.Http;

/// <summary>
/// Creates the HTTP clients of every component: guarded addresses, one user agent, no cookies, no automatic redirects, no environment
/// proxy. Time and size limits are up to the caller, per request.
/// </summary>
public static class OutboundHttp
{
    /// <summary>For the proxy's own address, which the operator configured.</summary>
    private static readonly AddressGuard Anywhere = new(new OutboundOptions { AllowPrivateNetworks = true });

    // A security policy and the links of a large site alone may be 32 KB.
    private const int MaxResponseHeadersKilobytes = 256;

    /// <summary>The <c>User-Agent</c> of all our requests.</summary>
    public static string UserAgent { get; } = $"WebSub-DotNet/{Version?.InformationalVersion.Split('+')[0]}";

    private static AssemblyInformationalVersionAttribute? Version =>
        typeof(OutboundHttp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();

    /// <summary>A client with its own handler; dispose it when done.</summary>
    public static HttpClient CreateClient(OutboundOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return CreateClient(new OutboundHandler(CreateHandler(options), () => CreateFreshHandler(options)));
    }

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
            // For the TLS handshake: the steps before it have their own time limit, with a more precise message. It ends before the ten
            // seconds that most callers have, so that they learn which step it was.
            ConnectTimeout = options.ConnectTimeout > TimeSpan.Zero ? 1.8 * options.ConnectTimeout : options.ConnectTimeout,
            // A new connection resolves and checks its address again, so a changed address is picked up within minutes.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
#pragma warning disable CA2262 // Kilobytes they are.
            MaxResponseHeadersLength = MaxResponseHeadersKilobytes,
#pragma warning restore CA2262
            // The bytes as they came, one a character. .NET on its own would take a Location for UTF-8 and lose what it was otherwise.
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new KeptConnectionStream(context.PlaintextStream)),
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
                    ? ConnectAsync(Anywhere, context, options.ConnectTimeout, cancellationToken)
                    : throw new AddressRefusedException(context.InitialRequestMessage.RequestUri!.Host);
        }
        else
        {
            handler.ConnectCallback = (context, cancellationToken) =>
                ConnectAsync(guard, context, options.ConnectTimeout, cancellationToken);
        }

        return handler;
    }

    private static SocketsHttpHandler CreateFreshHandler(OutboundOptions options)
    {
        var handler = CreateHandler(options);
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(
        AddressGuard guard,
        SocketsHttpConnectionContext context,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        var target = context.DnsEndPoint;
        var allowed = Array.FindAll(await ResolveAsync(target.Host, timeout, cancellationToken).ConfigureAwait(false), guard.Allows);
        if (allowed.Length == 0)
            throw new AddressRefusedException(target.Host);
        var won = await new AddressRace(timeout, TimeProvider.System, ConnectAsync)
            .RunAsync(allowed, target.Port, cancellationToken)
            .ConfigureAwait(false);
        if (won is NetworkStream { Socket.RemoteEndPoint: { } peer })
            context.InitialRequestMessage.Options.Set(OutboundHandler.Address, peer);
        return won;

        static async Task<Stream> ConnectAsync(IPEndPoint address, CancellationToken over)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, over).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        using var deadline = new CancellationTokenSource(timeout);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await Dns.GetHostAddressesAsync(host, over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TryAgain, $"{host}: its name was not resolved within {timeout.TotalSeconds:0.#} s");
        }
    }
}
