using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>A topic that a hub is to be notified of.</summary>
internal sealed record NoticeRow
{
    public TopicId TopicId { get; init; }

    public string Topic { get; init; } = "";

    /// <summary>The newest update.</summary>
    public long Head { get; init; }

    /// <summary>The newest update that the hub knows of.</summary>
    public long Told { get; init; }

    /// <summary>How many times in a row notifying the hub has failed.</summary>
    public long Attempts { get; init; }

    /// <summary>When the first of these attempts was.</summary>
    public DatabaseTime? FailingSince { get; init; }

    /// <summary>True if content may wait in the database for this hub.</summary>
    public bool TakesContent { get; init; }

    public string? TraceParent { get; init; }
}
