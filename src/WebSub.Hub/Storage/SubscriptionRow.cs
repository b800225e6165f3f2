namespace WebSub.Hub.Storage;

/// <summary>A subscription as deliveries need it.</summary>
internal sealed record SubscriptionRow
{
    public long Id { get; init; }

    public long TopicId { get; init; }

    public long LaneId { get; init; }

    public string Callback { get; init; } = "";

    public byte[]? Secret { get; init; }

    public string? SignatureMethod { get; init; }

    public long LeaseEnd { get; init; }

    /// <summary>Raised by everything that makes an answer obtained before it worthless: a new secret, for one (rule 11).</summary>
    public long Version { get; init; }

    /// <summary>The last entry it has had; null when it has had exactly what its lane's cursor says ("joined").</summary>
    public long? Position { get; init; }

    public long Attempts { get; init; }

    public long Epoch { get; init; }

    /// <summary>The topic, where the query asked for it.</summary>
    public string TopicUrl { get; init; } = "";

    /// <summary>The topic's newest sequence, where the query asked for it.</summary>
    public long Head { get; init; }
}
