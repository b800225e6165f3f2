namespace WebSub.Subscriber.Subscriptions;

/// <summary>What is known of a topic that is polled.</summary>
internal sealed record PollState
{
    /// <summary>When it is asked next.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>The pause between polls, as it is now.</summary>
    public required TimeSpan Pause { get; init; }

    /// <summary>The validators of the content that is known.</summary>
    public string? ETag { get; init; }

    /// <inheritdoc cref="ETag"/>
    public string? LastModified { get; init; }

    /// <summary>The hash of the content that is known; null before the first answer.</summary>
    public string? Hash { get; init; }

    /// <summary>When the content that is known was current.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>When other content was found that the hub has not delivered yet; null if none was.</summary>
    public DateTimeOffset? FoundAt { get; init; }
}
