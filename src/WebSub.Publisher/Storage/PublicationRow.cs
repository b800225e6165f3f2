using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>How far a topic has come at a hub, as stored.</summary>
internal sealed record PublicationRow
{
    public TopicId TopicId { get; init; }

    public HubId HubId { get; init; }

    public string Topic { get; init; } = "";

    public string Hub { get; init; } = "";

    public long Head { get; init; }

    public long Told { get; init; }

    public DatabaseTime? Due { get; init; }

    public DatabaseTime NotBefore { get; init; }

    public long Attempts { get; init; }

    public DatabaseTime PublishedAt { get; init; }

    public DatabaseTime? ToldAt { get; init; }

    public long? LastStatus { get; init; }

    public string? LastError { get; init; }
}
