namespace WebSub.Hub;

/// <summary>A subscription as its operator sees it: without its secret, and without the query of its callback.</summary>
public sealed record HubSubscription
{
    /// <summary>Never given to another subscription.</summary>
    public required string Id { get; init; }

    /// <summary>The topic's id.</summary>
    public required string TopicId { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The callback without user information and query.</summary>
    public required string Callback { get; init; }

    /// <summary>What it is doing.</summary>
    public HubSubscriptionState State { get; init; }

    /// <summary>What holds a paused one back: <c>subscription</c>, <c>topic</c>, <c>origin</c>.</summary>
    public IReadOnlyList<string> PausedBy { get; init; } = [];

    /// <summary>The last entry it has certainly had, or that was given up.</summary>
    public long Position { get; init; }

    /// <summary>
    /// How many entries it has yet to get; of one that gets messages, the most that it may: those of others count until they are passed
    /// over.
    /// </summary>
    public long Lag { get; init; }

    /// <summary>True if its deliveries are signed with a secret.</summary>
    public bool IsSigned { get; init; }

    /// <summary>When its lease ends.</summary>
    public DateTimeOffset LeaseEnd { get; init; }

    /// <summary>When it was first stored.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its callback last confirmed it.</summary>
    public DateTimeOffset VerifiedAt { get; init; }

    /// <summary>Failed attempts of its next entry.</summary>
    public long Attempts { get; init; }

    /// <summary>When it is tried next; null if it is paused or nothing is due.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When the last attempt ended that was made for it alone.</summary>
    public DateTimeOffset? LastAttempt { get; init; }

    /// <summary>What its callback answered when it last failed.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong last; null if nothing did.</summary>
    public string? LastError { get; init; }

    /// <summary>
    /// Since when it is behind: when it had to leave its lane, or was let go on after a pause; null if it is not behind, or that was before
    /// it was noted.
    /// </summary>
    public DateTimeOffset? BehindSince { get; init; }

    /// <summary>Attempts that have failed since then.</summary>
    public long FailedSince { get; init; }
}
