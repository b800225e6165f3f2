using System.Net;
using System.Net.Sockets;

namespace WebSub.Http;

/// <summary>
/// Decides which addresses our requests may reach. Strangers choose the URLs that hubs and subscribers request, so addresses inside the
/// operator's network are refused unless a setting allows them. The check is on the resolved address, when the connection is made.
/// </summary>
public sealed class AddressGuard(OutboundOptions options)
{
    /// <summary>The setting that lifts the guard; every refusal names it.</summary>
    public const string Setting = "WebSub:Outbound:AllowPrivateNetworks";

    // IANA's special-purpose registries, and the public address at which Azure answers its own machines: nothing a public publisher, hub or
    // subscriber can be reached at.
    private static readonly IPNetwork[] Refused =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            // Teredo, both generations of ORCHID, AMT and others.
            "2001::/23",
            "2001:db8::/32",
            "2620:4f:8000::/48",
            // What 6bone gave back.
            "3ffe::/16",
            "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    // The only part of IPv6 whose addresses are given to networks; around it are unspecified, loopback, IPv4-compatible and -translated,
    // discard-only, unique local, link-local, site-local and multicast addresses, SRv6, and what private overlays have taken.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    // Outside it, but on the way to public IPv4 addresses: what is inside decides.
    private static readonly IPNetwork[] Translated = [IPNetwork.Parse("::ffff:0:0/96"), IPNetwork.Parse("64:ff9b::/96")];

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>True if a request may connect to this address.</summary>
    public bool Allows(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (options.AllowPrivateNetworks)
            return true;
        if (Contains(options.AllowedNetworks, address))
            return true;
        return !IsRefused(address) && Inside(address).All(i => Contains(options.AllowedNetworks, i) || !IsRefused(i));
    }

    /// <summary>
    /// False if the URL's host is written as a private address or as <c>localhost</c>: such a URL can be refused at once, before anything
    /// is resolved. True says nothing about what a name resolves to.
    /// </summary>
    public bool AllowsHostOf(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (options.AllowPrivateNetworks)
            return true;
        var host = url.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
            return Allows(address);
        return !IsLocalhost(host) || (Allows(IPAddress.Loopback) && Allows(IPAddress.IPv6Loopback));
    }

    /// <summary>True for a host written as loopback, private or <c>localhost</c>, whatever the options allow.</summary>
    public static bool IsPrivateHost(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return !new AddressGuard(new OutboundOptions()).AllowsHostOf(url);
    }

    private static bool IsLocalhost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsRefused(IPAddress address) =>
        Contains(Refused, address)
        || (address.AddressFamily == AddressFamily.InterNetworkV6 && !IsIn(GlobalUnicast, address) && !Contains(Translated, address));

    private static bool Contains(IEnumerable<IPNetwork> networks, IPAddress address) => networks.Any(n => IsIn(n, address));

    // Not IPNetwork.Contains: it takes ::ffff:10.0.0.1 for a part of 2000::/3, and not of ::ffff:0:0/96.
    private static bool IsIn(IPNetwork network, IPAddress address)
    {
        Span<byte> start = stackalloc byte[16];
        Span<byte> bytes = stackalloc byte[16];
        network.BaseAddress.TryWriteBytes(start, out var length);
        address.TryWriteBytes(bytes, out var other);
        var whole = network.PrefixLength / 8;
        if (length != other || !start[..whole].SequenceEqual(bytes[..whole]))
            return false;
        var rest = network.PrefixLength % 8;
        return rest == 0 || (start[whole] ^ bytes[whole]) >> (8 - rest) == 0;
    }

    /// <summary>
    /// The IPv4 addresses that travel inside an IPv6 one, to which some router or tunnel on the way may send what is addressed to it:
    /// mapped, NAT64 (64:ff9b::/96), 6to4 (2002::/16) and, below any prefix, ISATAP.
    /// </summary>
    private static IEnumerable<IPAddress> Inside(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            yield break;
        var bytes = address.GetAddressBytes();
        // The bit that says whether an interface's identifier is unique may be set or not.
        var isIsatap = (bytes[8] & ~2) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
        if (isIsatap || Contains(Translated, address))
            yield return new IPAddress(bytes.AsSpan(12, 4));
        if (IsIn(SixToFour, address))
            yield return new IPAddress(bytes.AsSpan(2, 4));
    }
}
