namespace WebSub.Subscriber;

/// <summary>
/// What to subscribe to: a resource whose hub and topic are discovered (§4), or a topic and its hub. A string converts to a resource.
/// </summary>
public sealed record WebSubTarget
{
    private WebSubTarget(string? resource, string? topic, string? hub) => (ResourceUrl, TopicName, HubUrl) = (resource, topic, hub);

    /// <summary>The URL of the resource to discover; null if the topic was given.</summary>
    public string? ResourceUrl { get; }

    /// <summary>The topic, byte for byte; null if it has to be discovered.</summary>
    public string? TopicName { get; }

    /// <summary>The hub of a topic that was given; null means the setting <c>DefaultHub</c>.</summary>
    public string? HubUrl { get; }

    /// <summary>A resource to discover.</summary>
    /// <param name="url">An http or https URL.</param>
    public static implicit operator WebSubTarget(string url) => Resource(url);

    /// <inheritdoc cref="op_Implicit"/>
    public static WebSubTarget FromString(string url) => Resource(url);

    /// <summary>A resource to discover.</summary>
    /// <param name="url">An http or https URL.</param>
    public static WebSubTarget Resource(string url)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        return new(url, null, null);
    }

    /// <summary>A topic at a hub; nothing is discovered, and the topic may be any string.</summary>
    /// <param name="topic">The topic, as the hub knows it.</param>
    /// <param name="hub">The hub's URL; null means the setting <c>DefaultHub</c>.</param>
    public static WebSubTarget Topic(string topic, string? hub = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        return new(null, topic, hub);
    }

    /// <inheritdoc/>
    public override string ToString() => ResourceUrl ?? (HubUrl is null ? TopicName! : $"{TopicName} at {HubUrl}");
}
