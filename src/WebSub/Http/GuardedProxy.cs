using System.Net;

namespace WebSub.Http;

/// <summary>
/// The operator's proxy. It resolves names and must filter what they resolve to; a host written as a private address never reaches it: such
/// a request bypasses the proxy and so meets the guard where connections are made.
/// </summary>
internal sealed class GuardedProxy(Uri address, AddressGuard guard) : IWebProxy
{
    public ICredentials? Credentials { get; set; }

    public Uri GetProxy(Uri destination) => address;

    public bool IsBypassed(Uri host) => !guard.AllowsHostOf(host);
}
