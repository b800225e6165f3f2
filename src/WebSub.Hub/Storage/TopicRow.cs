using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>A topic that is to be fetched.</summary>
internal sealed record TopicRow
{
    public TopicId Id { get; init; }

    public string Url { get; init; } = "";

    public string? Etag { get; init; }

    /// <summary>The URL that gave <see cref="Etag"/>: the topic's own, or one it redirects to.</summary>
    public string? EtagUrl { get; init; }

    /// <summary>The self URL that the topic advertised so far.</summary>
    public string? SelfUrl { get; init; }

    /// <summary>The hubs that the topic advertised so far, one a line.</summary>
    public string? Hubs { get; init; }

    public long Pings { get; init; }

    /// <summary>When it was last pinged.</summary>
    public DatabaseTime? PingedAt { get; init; }

    /// <summary>What pinged it, as <see cref="TraceText"/> has it; null if nobody listens.</summary>
    public string? Trace { get; init; }

    public long Failures { get; init; }

    public long Epoch { get; init; }

    /// <summary>The newest sequence. Fetches of one topic never overlap, but a push may come in between.</summary>
    public long Head { get; init; }

    /// <summary>True if it was registered with a key.</summary>
    public bool Registered { get; init; }

    public long Subscribers { get; init; }
}
