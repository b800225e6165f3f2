using Microsoft.Extensions.Options;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Work;

namespace WebSub.Hub.Streaming;

/// <summary>
/// Reads entries with their contents, as far as there is room for them: small ones from the cache that deliveries use, large ones against a
/// budget in bytes.
/// </summary>
internal sealed class LogReader(EntryCache entries, EntryContents contents, ReadStore store, IOptions<HubOptions> options)
{
    /// <summary>A content and what is written of it.</summary>
    private const int Copies = 3;

    private readonly ByteBudget _budget = new(options.Value.Events.MaxBytesInFlight);

    /// <summary>
    /// Passes on the entry after a position. Returns its sequence; a higher one without passing anything on if what comes first was pruned;
    /// null if nothing follows.
    /// </summary>
    /// <param name="topicId">The topic.</param>
    /// <param name="after">The position.</param>
    /// <param name="holder">Who reads; large contents count on its share.</param>
    /// <param name="use">Gets the entry and its content, which may be kept no longer than this takes.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public async Task<LogStep> NextAsync(
        TopicId topicId,
        long after,
        string holder,
        Func<LogEntry, byte[], Task> use,
        CancellationToken cancellationToken
    )
    {
        if (await entries.LoadAsync(topicId, after + 1, cancellationToken) is { } entry)
        {
            using var room = entry.IsLarge ? await _budget.TakeAsync(Copies * entry.Size, holder, cancellationToken) : null;
            if (await contents.ReadAsync(entry, cancellationToken) is { } content)
            {
                await use(entry, content.Body);
                return new(entry.Sequence, IsGap: false);
            }
        }

        return await store.NextAsync(topicId, after, cancellationToken) is { } oldest ? new(oldest - 1, IsGap: true) : LogStep.None;
    }
}
