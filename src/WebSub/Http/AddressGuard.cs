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
            "::/128",
            "::1/128",
            "::ffff:0:0:0/96",
            "64:ff9b:1::/48",
            "100::/64",
            "100:0:0:1::/64",
            "2001::/23",
            "2001:db8::/32",
            "2620:4f:8000::/48",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>True if a request may connect to this address.</summary>
    public bool Allows(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (options.AllowPrivateNetworks)
            return true;
        return Contains(options.AllowedNetworks, Unwrap(address)) || Contains(options.AllowedNetworks, address) || !IsPrivate(address);
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

    private static bool IsPrivate(IPAddress address) => Contains(Refused, Unwrap(address)) || Contains(Refused, address);

    private static bool Contains(IEnumerable<IPNetwork> networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
                return true;
        }

        return false;
    }

    /// <summary>The IPv4 address that travels inside an IPv6 one: mapped, compatible, NAT64 (64:ff9b::/96) or 6to4 (2002::/16).</summary>
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (bytes[..2].SequenceEqual((ReadOnlySpan<byte>)[0x20, 0x02]))
            return new IPAddress(bytes.Slice(2, 4));
        var nat64 = bytes[..12].SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]);
        var compatible = !bytes[..12].ContainsAnyExcept((byte)0);
        return nat64 || compatible ? new IPAddress(bytes[12..]) : address;
    }
}
