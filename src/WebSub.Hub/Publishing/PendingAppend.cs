using System.Security.Cryptography;

namespace WebSub.Hub.Publishing;

/// <summary>Content on its way into a topic's log.</summary>
internal sealed record PendingAppend(long TopicId, string? ContentType, byte[] Body, EntrySource Source, long PublishedAt)
{
    /// <summary>SHA-256 of the body: what "the same content" means.</summary>
    public byte[] Hash { get; } = SHA256.HashData(Body);
}
