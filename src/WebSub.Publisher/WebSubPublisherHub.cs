using WebSub.Publisher.Links;
using WebSub.Publishing;

namespace WebSub.Publisher;

/// <summary>A hub to advertise and to notify of updates. A string converts to a hub with default settings.</summary>
/// <param name="Url">The hub's URL: absolute http or https, used byte for byte.</param>
public sealed record WebSubPublisherHub(string Url)
{
    /// <summary>The key for this hub, sent as <c>Authorization: Bearer KEY</c>.</summary>
    /// <value>Default: that of <see cref="WebSubPublisherOptions.ApiKey"/>.</value>
    public string? ApiKey { get; init; }

    /// <summary>How a ping to this hub names its topic.</summary>
    /// <value>Default: that of <see cref="WebSubPublisherOptions.PingForm"/>.</value>
    public PingForm? PingForm { get; init; }

    /// <summary>
    /// True sends the hub the content itself when the app publishes content, instead of a ping after which the hub fetches it. Hubs require
    /// a key for that.
    /// </summary>
    /// <value>Default: false.</value>
    public bool TakesContent { get; init; }

    /// <summary>The topics that this hub serves: exact ones, or prefixes that end with <c>*</c>.</summary>
    /// <value>Default: empty, which means all topics.</value>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>A hub with default settings.</summary>
    /// <param name="url">Its URL.</param>
    public static implicit operator WebSubPublisherHub(string url) => new(url);

    /// <inheritdoc cref="op_Implicit"/>
    public static WebSubPublisherHub FromString(string url) => new(url);

    /// <summary>True if this hub serves the topic.</summary>
    public bool Serves(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        var spelled = TopicSpelling.OfUrl(topic);
        return Topics.Count == 0
            || Topics
                .Select(TopicSpelling.OfUrl)
                .Any(t => t.EndsWith('*') ? spelled.StartsWith(t[..^1], StringComparison.Ordinal) : t == spelled);
    }

    /// <inheritdoc/>
    public override string ToString() => Url;
}
