using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>What became of a dead letter that is not there any more.</summary>
/// <param name="Fate">Which of the names below.</param>
/// <param name="At">When.</param>
internal sealed record PastLetter(string Fate, DatabaseTime At)
{
    /// <summary>It was sent again, and taken.</summary>
    public const string Redelivered = "redelivered";

    /// <summary>An operator deleted it.</summary>
    public const string Deleted = "deleted";

    /// <summary>It was kept as long as dead letters are.</summary>
    public const string Dropped = "dropped";
}
