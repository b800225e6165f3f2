namespace WebSub.Publisher.Storage;

/// <summary>How far a topic has come at a hub, as stored.</summary>
internal sealed record PublicationRow
{
    public long TopicId { get; init; }

    public long HubId { get; init; }

    public string Topic { get; init; } = "";

    public string Hub { get; init; } = "";

    public long Head { get; init; }

    public long Told { get; init; }

    public long? Due { get; init; }

    public long NotBefore { get; init; }

    public long Attempts { get; init; }

    public long PublishedAt { get; init; }

    public long? ToldAt { get; init; }

    public long? LastStatus { get; init; }

    public string? LastError { get; init; }
}
