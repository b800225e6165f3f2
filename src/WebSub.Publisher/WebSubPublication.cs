namespace WebSub.Publisher;

/// <summary>Which updates of one topic one hub has accepted.</summary>
public sealed record WebSubPublication
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The hub.</summary>
    public required string Hub { get; init; }

    /// <summary>How many updates of the topic have been published while the hub was one of its hubs.</summary>
    public required long Updates { get; init; }

    /// <summary>The newest update that the hub has accepted, counted as in <see cref="Updates"/>; 0 for none.</summary>
    public required long Known { get; init; }

    /// <summary>True if the hub has yet to be notified of an update.</summary>
    public required bool IsPending { get; init; }

    /// <summary>True if the hub does not know the newest update and is no longer tried; the next update tries again.</summary>
    public bool IsGivenUp => !IsPending && Known < Updates;

    /// <summary>When the newest update was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>When the hub last accepted an update; null if never.</summary>
    public DateTimeOffset? NotifiedAt { get; init; }

    /// <summary>When the hub is tried next; null if nothing is pending.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>How many attempts have failed since the hub last accepted one.</summary>
    public long Attempts { get; init; }

    /// <summary>The status of the hub's last response; null if it was never tried, 0 if it did not answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong on the last attempt, in the hub's words if it gave any; null if nothing did.</summary>
    public string? LastError { get; init; }
}
