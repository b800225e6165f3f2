namespace WebSub.Subscriber.Wolverine;

/// <summary>How notifications go on the bus.</summary>
public sealed class WebSubWolverineOptions
{
    /// <summary>
    /// The largest body that travels in the message. A larger one stays in the subscriber's inbox, and the message has its number there:
    /// brokers are slow with large messages and refuse very large ones.
    /// </summary>
    /// <value>Default: 256 KiB.</value>
    public int MaxBodyBytes { get; set; } = 256 * 1024;
}
