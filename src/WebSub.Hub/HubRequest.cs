namespace WebSub.Hub;

/// <summary>A request to subscribe or unsubscribe that has not been decided.</summary>
public sealed record HubRequest
{
    /// <summary>The request.</summary>
    public required string Id { get; init; }

    /// <summary><c>subscribe</c> or <c>unsubscribe</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The callback without user information and query.</summary>
    public required string Callback { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Requests to the callback that failed.</summary>
    public long Attempts { get; init; }

    /// <summary>When the callback is asked next; null while it is being asked.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>Why it waits, as a sentence.</summary>
    public required string Why { get; init; }
}
