namespace WebSub.Publisher;

/// <summary>How far one topic has come at one hub.</summary>
public sealed record WebSubPublication
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The hub.</summary>
    public required string Hub { get; init; }

    /// <summary>How many updates of the topic were published while the hub was its.</summary>
    public required long Updates { get; init; }

    /// <summary>The newest update that the hub has accepted, counted as in <see cref="Updates"/>; 0 for none.</summary>
    public required long Known { get; init; }

    /// <summary>True if the hub is to be told of an update that it does not know yet.</summary>
    public required bool IsPending { get; init; }

    /// <summary>True if the hub does not know the newest update and is not tried any more; the next update tries again.</summary>
    public bool IsGivenUp => !IsPending && Known < Updates;

    /// <summary>When the newest update was published.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>When the hub last accepted one; null for never.</summary>
    public DateTimeOffset? NotifiedAt { get; init; }

    /// <summary>When the hub is tried next; null if nothing is pending.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>How many attempts have failed since the hub last accepted.</summary>
    public long Attempts { get; init; }

    /// <summary>The hub's last status; null if it was never tried, 0 if it did not answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong at the last attempt, in the hub's words where it had any; null if nothing did.</summary>
    public string? LastError { get; init; }
}
