namespace WebSub.Hub;

/// <summary>An attempt to deliver that has ended.</summary>
public sealed record HubAttempt
{
    /// <summary>The number of the entry that was sent.</summary>
    public long Sequence { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset EndedAt { get; init; }

    /// <summary>How long it took, from the request to the answer.</summary>
    public double DurationSeconds { get; init; }

    /// <summary>True if the callback accepted it.</summary>
    public bool IsDelivered { get; init; }

    /// <summary>What the callback answered; null if it answered nothing, or nothing had to be sent.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong; null if nothing did.</summary>
    public string? Error { get; init; }
}
