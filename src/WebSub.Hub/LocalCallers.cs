namespace WebSub.Hub;

/// <summary>
/// Whether callers on the hub's own machine need no key. A proxy on that machine may forward requests from outside that look exactly like
/// local ones.
/// </summary>
public enum LocalCallers
{
    /// <summary>Only while the hub's public URL is not set or points to this machine, where no proxy is to be expected.</summary>
    Auto,

    /// <summary>Always: no proxy on this machine forwards to the hub, or the proxy sends Forwarded, X-Forwarded-… or Via.</summary>
    Always,

    /// <summary>Never: every caller needs a key.</summary>
    Never,
}
