namespace WebSub.Subscriber.Subscriptions;

/// <summary>
/// What a hub has confirmed. It changes only when a hub confirms something else, the lease ends, or the subscription does.
/// </summary>
internal sealed record ConfirmedPart
{
    public required string Hub { get; init; }

    public required string Topic { get; init; }

    public string? Secret { get; init; }

    public required string CallbackKey { get; init; }

    /// <summary>The callback as given to the hub; null in rows of an older version.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>When the hub asked for verification: its lease counts from here (S19).</summary>
    public required DateTimeOffset ConfirmedAt { get; init; }

    public required DateTimeOffset LeaseEnd { get; init; }

    /// <summary>Once another callback has taken its place: until when it goes on being answered, at most to the end of its lease.</summary>
    public DateTimeOffset? AnswersUntil { get; init; }

    /// <summary>When to renew; null once the attempts to renew this lease are used up.</summary>
    public DateTimeOffset? RenewAt { get; init; }
}
