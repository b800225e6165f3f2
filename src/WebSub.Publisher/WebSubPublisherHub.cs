using WebSub.Publisher.Links;
using WebSub.Publishing;

namespace WebSub.Publisher;

/// <summary>A hub that is advertised and told of updates. A string is a hub with nothing special about it.</summary>
/// <param name="Url">Where it is: an absolute http or https URL, used byte for byte.</param>
public sealed record WebSubPublisherHub(string Url)
{
    /// <summary>The key for this hub, sent as <c>Authorization: Bearer KEY</c>.</summary>
    /// <value>Default: that of <see cref="WebSubPublisherOptions.ApiKey"/>.</value>
    public string? ApiKey { get; init; }

    /// <summary>How a ping to this hub names its topic.</summary>
    /// <value>Default: that of <see cref="WebSubPublisherOptions.PingForm"/>.</value>
    public PingForm? PingForm { get; init; }

    /// <summary>
    /// True gives the hub the content itself where the app publishes content, instead of a ping after which the hub fetches it. Hubs ask
    /// for a key for that.
    /// </summary>
    /// <value>Default: false.</value>
    public bool TakesContent { get; init; }

    /// <summary>
    /// The topics that this hub is for: exact ones, or everything that starts with what stands before a closing <c>*</c>.
    /// </summary>
    /// <value>Default: none, which means all topics.</value>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>A hub with nothing special about it.</summary>
    /// <param name="url">Its URL.</param>
    public static implicit operator WebSubPublisherHub(string url) => new(url);

    /// <inheritdoc cref="op_Implicit"/>
    public static WebSubPublisherHub FromString(string url) => new(url);

    /// <summary>True if this hub is for the topic.</summary>
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
