namespace WebSub.Hub;

/// <summary>Entries that were given up for one subscription.</summary>
public sealed record HubDeadLetter
{
    /// <summary>The dead letter.</summary>
    public required string Id { get; init; }

    /// <summary>The topic's id.</summary>
    public required string TopicId { get; init; }

    /// <summary>The topic; null if it is gone.</summary>
    public string? Topic { get; init; }

    /// <summary>The callback without user information and query.</summary>
    public required string Callback { get; init; }

    /// <summary>The first entry.</summary>
    public long FirstSequence { get; init; }

    /// <summary>The last entry; nearly always the same.</summary>
    public long LastSequence { get; init; }

    /// <summary>How often it was tried.</summary>
    public long Attempts { get; init; }

    /// <summary>What the callback answered at last, if it did.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong at last.</summary>
    public string? LastError { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// True if a replay gave it up. Whether the subscription had the entry before is another matter, which an explanation says.
    /// </summary>
    public bool IsOfReplay { get; init; }

    /// <summary>True while it is being sent again.</summary>
    public bool IsRedelivering { get; init; }
}
