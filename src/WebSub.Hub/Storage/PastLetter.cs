using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>What became of a dead letter that is not there any more, or that a replay delivered an entry.</summary>
/// <param name="Fate">Which of the names below.</param>
/// <param name="At">When.</param>
internal sealed record PastLetter(string Fate, DatabaseTime At)
{
    /// <summary>It was sent again, and taken.</summary>
    public const string Redelivered = "redelivered";

    /// <summary>No dead letter: a replay delivered the entry, whatever became of it otherwise.</summary>
    public const string Replayed = "replayed";

    /// <summary>An operator deleted it.</summary>
    public const string Deleted = "deleted";

    /// <summary>It was kept as long as dead letters are.</summary>
    public const string Dropped = "dropped";
}
