namespace WebSub.Discovery;

/// <summary>How one discovery asks.</summary>
public sealed record DiscoveryOptions
{
    /// <summary>The <c>Accept</c> header, for resources with several representations (D12).</summary>
    /// <value>Default: anything, feeds and HTML preferred.</value>
    public string? Accept { get; init; }

    /// <summary>The <c>Accept-Language</c> header.</summary>
    /// <value>Default: none.</value>
    public string? AcceptLanguage { get; init; }

    /// <summary>True asks with HEAD first and with GET only if that had no links (D8, D10).</summary>
    /// <value>Default: false, one GET.</value>
    public bool HeadFirst { get; init; }

    /// <summary>The largest body that is read.</summary>
    /// <value>Default: 1 MiB.</value>
    public long MaxBytes { get; init; } = 1024 * 1024;

    /// <summary>How long all requests together may take.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many redirects are followed.</summary>
    /// <value>Default: 10.</value>
    public int MaxRedirects { get; init; } = 10;
}
