namespace WebSub.Hub;

/// <summary>
/// Whether callers on the hub's own machine may do without a key. A proxy there may forward the world's requests so that they look just
/// like theirs.
/// </summary>
public enum LocalCallers
{
    /// <summary>As long as the hub's public URL is not set, or is itself on this machine: then no proxy is expected.</summary>
    Auto,

    /// <summary>Always: no proxy on this machine forwards to the hub, or it sends Forwarded, X-Forwarded-… or Via.</summary>
    Always,

    /// <summary>Never: everybody needs a key.</summary>
    Never,
}
