using System.Net;
using System.Net.Sockets;
using WebSub.Http;
using WebSub.Values;

namespace WebSub.Cli.Listening;

/// <summary>
/// Judges whether a hub can reach a callback by where both are. Checked before anything is sent: the hub would accept the request and then
/// be unable to verify it.
/// </summary>
internal static class CallbackReach
{
    private static readonly TimeSpan LongestLookup = TimeSpan.FromSeconds(5);
    private static readonly string[] LocalSuffixes = [".local", ".internal", ".lan", ".home", ".home.arpa"];

    /// <summary>A sentence if the hub cannot reach the callback; otherwise null.</summary>
    public static async Task<string?> FindFaultAsync(string hub, string callback, CancellationToken cancellationToken)
    {
        var (hubPlace, callbackPlace) = (await PlaceOfAsync(hub, cancellationToken), await PlaceOfAsync(callback, cancellationToken));
        return (hubPlace, callbackPlace) switch
        {
            (NetworkPlace.Public, NetworkPlace.Loopback or NetworkPlace.Private) =>
                $"The hub {hub} is public and cannot reach {callback}, which is private; nothing was sent.",
            (NetworkPlace.Private, NetworkPlace.Loopback) =>
                $"The hub {hub} is another machine and cannot reach {callback}, which is this one; nothing was sent.",
            _ => null,
        };
    }

    /// <summary>What would help, one line each.</summary>
    public static IEnumerable<string> WaysOut() =>
        [
            "with a public address or a tunnel (cloudflared, ngrok, …) to a port of this machine: "
                + "--port 8080 --public-url https://your.address; --public-url auto finds the tunnel.",
            "--stream needs no public address, if the hub has an event stream, as hubs of this project do.",
        ];

    private static async Task<NetworkPlace> PlaceOfAsync(string text, CancellationToken cancellationToken)
    {
        if (!VerbatimUrl.TryCreate(text, out var url, out _))
            return NetworkPlace.Public;
        var host = url.IdnHost.Trim('[', ']').TrimEnd('.');
        if (url.IsLoopback || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            return NetworkPlace.Loopback;
        if (AddressGuard.IsPrivateHost(url))
            return NetworkPlace.Private;
        if (IPAddress.TryParse(host, out _))
            return NetworkPlace.Public;

        var addresses = await ResolveAsync(host, cancellationToken);
        if (addresses.Length == 0)
        {
            var isLocalName =
                !host.Contains('.', StringComparison.Ordinal)
                || LocalSuffixes.Any(s => host.EndsWith(s, StringComparison.OrdinalIgnoreCase));
            return isLocalName ? NetworkPlace.Private : NetworkPlace.Public;
        }

        var guard = new AddressGuard(new OutboundOptions());
        if (addresses.Any(guard.Allows))
            return NetworkPlace.Public;
        return addresses.All(IPAddress.IsLoopback) ? NetworkPlace.Loopback : NetworkPlace.Private;
    }

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken)
                .WaitAsync(LongestLookup, TimeProvider.System, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            return [];
        }
    }
}
