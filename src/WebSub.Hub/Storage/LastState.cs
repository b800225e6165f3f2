using System.Text.Json;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// How far a subscription, or a pattern of a callback, had come when it ended; a column of <see cref="EndingStore"/>'s rows. Numbers and
/// times are as in the database.
/// </summary>
internal sealed record LastState
{
    public long TopicId { get; init; }

    /// <summary>The subscription's number, which may be another one's by now.</summary>
    public long Id { get; init; }

    /// <summary>The last entry that it certainly had, or that was given up.</summary>
    public long Position { get; init; }

    /// <summary>Nothing up to this entry was meant for a pattern; 0 for a subscription.</summary>
    public long After { get; init; }

    public long CreatedAt { get; init; }

    /// <summary>Nothing is sent after the end of a lease, also where its row stays for a while.</summary>
    public long EndedAt { get; init; }

    public long? LastAttemptAt { get; init; }

    /// <summary>When its lane was last saved.</summary>
    public long? SavedAt { get; init; }

    /// <summary><c>latest</c> skipped to the newest entry.</summary>
    public string? Delivery { get; init; }

    /// <summary><c>full</c> never wanted differences.</summary>
    public string? Content { get; init; }

    public long FullUntil { get; init; }

    public static LastState Of(EndedSubscription ended, DatabaseTime at) =>
        new()
        {
            TopicId = ended.TopicId.Value,
            Id = ended.Id.Value,
            Position = ended.Position,
            CreatedAt = ended.CreatedAt.Microseconds,
            EndedAt = DatabaseTime.Min(at, ended.LeaseEnd).Microseconds,
            LastAttemptAt = ended.LastAttemptAt?.Microseconds,
            SavedAt = ended.SavedAt?.Microseconds,
            Delivery = ended.Delivery,
            Content = ended.Content,
            FullUntil = ended.FullUntil,
        };

    /// <summary>That of a pattern, of which messages come in full.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="member">Its callback's one subscription.</param>
    /// <param name="at">When it ended.</param>
    public static LastState Of(PatternRow pattern, EndedSubscription member, DatabaseTime at) =>
        Of(member with { LeaseEnd = pattern.LeaseEnd }, at) with
        {
            After = pattern.AfterSequence,
            CreatedAt = pattern.CreatedAt.Microseconds,
            Content = "full",
        };

    public static LastState? Read(string? stored) => stored is null ? null : JsonSerializer.Deserialize<LastState>(stored);

    public string Write() => JsonSerializer.Serialize(this);
}
