using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace WebSub.Http;

/// <summary>What outbound requests may reach (<c>WebSub:Outbound</c>).</summary>
public sealed class OutboundOptions
{
    /// <summary>True lets requests reach private, loopback and link-local addresses: for development and closed networks.</summary>
    /// <value>Default: false.</value>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Private networks that may be reached all the same.</summary>
    /// <value>CIDR ranges, for example <c>10.1.0.0/16</c>. Default: none.</value>
    public IList<IPNetwork> AllowedNetworks { get; set; } = [];

    /// <summary>A proxy for all outbound requests; it must filter addresses itself. Environment proxies are ignored.</summary>
    /// <value>Default: none.</value>
    public Uri? Proxy { get; set; }

    /// <summary>
    /// Root certificates of certificate authorities to trust in addition to the machine's, for TLS peers in a closed network. Names and
    /// dates are checked as usual.
    /// </summary>
    /// <value>As a setting: PEM files. Default: none.</value>
    public X509Certificate2Collection TrustedAuthorities { get; set; } = [];

    /// <summary>
    /// How long resolving a name may take, and as long again connecting to its addresses, which are tried a quarter of a second apart.
    /// </summary>
    /// <value>Default: 5 seconds.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
