using WebSub.Hub.Values;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>A subscription as deliveries need it.</summary>
internal sealed record SubscriptionRow
{
    public SubscriptionId Id { get; init; }

    public TopicId TopicId { get; init; }

    public LaneId LaneId { get; init; }

    public string Callback { get; init; } = "";

    public SealedSecret? Secret { get; init; }

    public string? SignatureMethod { get; init; }

    /// <summary><c>full</c> never wants diffs.</summary>
    public string? Content { get; init; }

    /// <summary><c>latest</c> skips to the newest entry.</summary>
    public string? Delivery { get; init; }

    /// <summary>Entries up to this sequence go out in full: the one before it was not acknowledged (rule 24).</summary>
    public long FullUntil { get; init; }

    public DatabaseTime LeaseEnd { get; init; }

    /// <summary>Raised by everything that makes an answer obtained before it worthless: a new secret, for one (rule 11).</summary>
    public long Version { get; init; }

    /// <summary>The last entry it has had; null when it has had exactly what its lane's cursor says ("joined").</summary>
    public long? Position { get; init; }

    public long Attempts { get; init; }

    /// <summary>How many of those attempts were answered with a status that speaks of the payload (rule 22).</summary>
    public long Answered { get; init; }

    /// <summary>When the schedule wants the next attempt; an earlier one, caused by a newer entry, does not use it up (rule 22).</summary>
    public DatabaseTime? RetryAt { get; init; }

    /// <summary>Before this it asked not to be tried.</summary>
    public DatabaseTime? NotBefore { get; init; }

    public DatabaseTime? LastAttemptAt { get; init; }

    /// <summary>The pause that it was given after its last attempt, if it asked for one.</summary>
    public TimeSpan? Paused => NotBefore is { } until && LastAttemptAt is { } at && until >= at ? until - at : null;

    public long Epoch { get; init; }

    /// <summary>True if it skips to the newest entry and always gets that in full.</summary>
    public bool WantsLatest => Delivery == "latest";

    /// <summary>True if this entry may go out as a diff to the one before.</summary>
    public bool TakesDiff(long sequence) => sequence > FullUntil && Content != "full" && !WantsLatest;

    /// <summary>The topic, where the query asked for it.</summary>
    public string TopicUrl { get; init; } = "";

    /// <summary>The self URL that the topic advertises.</summary>
    public string? SelfUrl { get; init; }

    /// <summary>The hubs that the topic advertises, one a line.</summary>
    public string? Hubs { get; init; }

    /// <summary>The topic's newest sequence, where the query asked for it.</summary>
    public long Head { get; init; }

    /// <summary>
    /// The topic's newest sequence when an attempt was claimed; <see cref="Head"/> may leave out what is none of the subscription's
    /// business.
    /// </summary>
    public long HeadAtClaim { get; init; }

    /// <summary>True for a member of a topic of predicates, where the query asked for it.</summary>
    public bool Filtered { get; init; }

    /// <summary>What a member of a topic of predicates gets; null for everybody else, who gets everything.</summary>
    public IReadOnlyList<PatternRow>? Patterns { get; init; }
}
