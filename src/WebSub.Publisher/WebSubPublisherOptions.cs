using WebSub.Http;
using WebSub.Publishing;

namespace WebSub.Publisher;

/// <summary>How an app publishes (<c>WebSub:Publisher</c>).</summary>
public sealed class WebSubPublisherOptions
{
    /// <summary>The hubs that are advertised and told of updates.</summary>
    /// <value>Absolute http or https URLs, at least one. Default: none.</value>
    public IList<string> Hubs { get; set; } = [];

    /// <summary>The URL at which the public reaches this app, if that is not what its requests say, for example behind a proxy.</summary>
    /// <value>Scheme, host and path base, for example <c>https://example.com/blog</c>. Default: those of each request.</value>
    public Uri? PublicUrl { get; set; }

    /// <summary>The key for hubs that want one, sent to all of them as <c>Authorization: Bearer KEY</c>.</summary>
    /// <value>Default: none.</value>
    public string? ApiKey { get; set; }

    /// <summary>How a ping names its topic.</summary>
    /// <value>Default: <see cref="PingForm.Both"/>.</value>
    public PingForm PingForm { get; set; }

    /// <summary>How long a hub may take to answer a ping.</summary>
    /// <value>Default: 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What pings may reach (<c>WebSub:Outbound</c>).</summary>
    public OutboundOptions Outbound { get; } = new();

    /// <summary>What the settings had that could not be read.</summary>
    internal List<string> Faults { get; } = [];
}
