using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>The options of <c>websub listen</c>.</summary>
internal sealed record ListenSettings
{
    /// <summary>The resource to discover, or with <see cref="Hub"/> the topic.</summary>
    public required string Url { get; init; }

    public string? Hub { get; init; }

    public int? Port { get; init; }

    public string? PublicUrl { get; init; }

    /// <summary>The secret as typed; null leaves it to <see cref="Signature"/>.</summary>
    public string? Secret { get; init; }

    public WebSubSignaturePolicy Signature { get; init; }

    public WebSubVerify Verify { get; init; }

    public int? LeaseSeconds { get; init; }

    public int? Count { get; init; }

    public string? Exec { get; init; }

    public string? Forward { get; init; }

    public string? Save { get; init; }

    public string? Database { get; init; }

    /// <summary>Which updates are wanted; null for all.</summary>
    public UpdateFilter? Filter { get; init; }

    /// <summary>True if the public URL is that of a tunnel, which ends on this machine.</summary>
    public bool IsTunnel { get; init; }

    /// <summary>The number of the last update of the event stream that is known.</summary>
    public long? After { get; init; }

    /// <summary>Sent to the hub; null for none.</summary>
    public string? ApiKey { get; init; }

    public bool Verbose { get; init; }

    public bool AllowPrivate { get; init; }

    public bool Json { get; init; }

    public WebSubTarget Target => Hub is null ? WebSubTarget.Resource(Url) : WebSubTarget.Topic(Url, Hub);
}
