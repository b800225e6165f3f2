using System.Diagnostics;
using System.Security.Cryptography;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Publishing;

/// <summary>Content on its way into a topic's log.</summary>
internal sealed record PendingAppend(TopicId TopicId, string? ContentType, byte[] Body, EntrySource Source, DatabaseTime PublishedAt)
{
    /// <summary>What is new or changed in a feed since the entry before; null without one.</summary>
    public byte[]? Diff { get; init; }

    /// <summary>The entry that <see cref="Diff"/> is against; if another came after it, the diff is of no use.</summary>
    public long DiffBase { get; init; }

    /// <summary>The diff, if it is one to the entry right before this sequence.</summary>
    public byte[]? DiffAt(long sequence) => DiffBase == sequence - 1 ? Diff : null;

    /// <summary>What publishes it.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>SHA-256 of the body: what "the same content" means.</summary>
    public byte[] Hash { get; } = SHA256.HashData(Body);
}
