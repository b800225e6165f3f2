using System.Diagnostics;
using System.Security.Cryptography;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Publishing;

/// <summary>Content on its way into a topic's log.</summary>
internal sealed record PendingAppend(TopicId TopicId, string? ContentType, byte[] Body, EntrySource Source, DatabaseTime PublishedAt)
{
    /// <summary>What is new or changed in a feed since the previous entry; null if there is no diff.</summary>
    public byte[]? Diff { get; init; }

    /// <summary>The entry that <see cref="Diff"/> was made against; if another one has followed it, the diff is useless.</summary>
    public long DiffBase { get; init; }

    /// <summary>The diff, if it was made against the entry right before this sequence.</summary>
    public byte[]? DiffAt(long sequence) => DiffBase == sequence - 1 ? Diff : null;

    /// <summary>What else is stored with the same commit.</summary>
    public Func<DbSession, Task>? With { get; init; }

    /// <summary>The activity that publishes it.</summary>
    public ActivityContext Trace { get; init; } = Activity.Current?.Context ?? default;

    /// <summary>The SHA-256 of the body; content is the same if this is.</summary>
    public byte[] Hash { get; } = SHA256.HashData(Body);
}
