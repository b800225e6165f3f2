namespace WebSub.Subscriber;

/// <summary>Declares a subscription on the class that handles it; <c>AddHandler</c> reads it.</summary>
/// <param name="resource">The URL of a resource to discover; null if <see cref="Topic"/> is given.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class WebSubSubscriptionAttribute(string? resource = null) : Attribute
{
    /// <summary>The resource to discover.</summary>
    public string? Resource { get; } = resource;

    /// <summary>The topic, if nothing needs to be discovered; any string.</summary>
    public string? Topic { get; set; }

    /// <summary>The hub of <see cref="Topic"/>; null means the setting <c>DefaultHub</c>.</summary>
    public string? Hub { get; set; }

    /// <summary>The lease to request, in seconds.</summary>
    /// <value>Default: 0, the setting <c>LeaseSeconds</c>.</value>
    public long LeaseSeconds { get; set; }

    /// <summary>Whether deliveries must be signed.</summary>
    /// <value>Default: <see cref="WebSubSignaturePolicy.Auto"/>.</value>
    public WebSubSignaturePolicy Signature { get; set; }

    /// <inheritdoc cref="WebSubSubscribeOptions.AllHubs"/>
    public bool AllHubs { get; set; }

    internal WebSubTarget Target =>
        (Resource, Topic) switch
        {
            ({ } resource, null) => WebSubTarget.Resource(resource),
            (null, { } topic) => WebSubTarget.Topic(topic, Hub),
            _ => throw new InvalidOperationException("A [WebSubSubscription] must name either a resource, or a Topic and its Hub."),
        };

    internal WebSubSubscribeOptions Options =>
        new()
        {
            LeaseSeconds = LeaseSeconds > 0 ? LeaseSeconds : null,
            Signature = Signature,
            AllHubs = AllHubs,
        };
}
