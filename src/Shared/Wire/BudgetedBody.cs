using System.Buffers;
using WebSub.Work;

namespace WebSub.Wire;

/// <summary>
/// Reads bodies whose length their senders decide. The first 32 KB need no permission; before any more is read, there must be room for all
/// that may come, so that however many drip at the same time, what they hold is bounded and none waits for another.
/// </summary>
internal static class BudgetedBody
{
    private const int Chunk = 16 * 1024;
    private const int Free = 2 * Chunk;

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="limit">The most bytes it may have.</param>
    /// <param name="announced">How many it says it has; null if it does not say, or is compressed.</param>
    /// <param name="budget">Where the room is taken.</param>
    /// <param name="holder">Whose share it counts on.</param>
    /// <param name="cancellationToken">Ends the reading, and the waiting for room.</param>
    public static async Task<BudgetedBytes> ReadAsync(
        Stream body,
        long limit,
        long? announced,
        ByteBudget budget,
        string holder,
        CancellationToken cancellationToken
    )
    {
        if (announced > limit)
            return BudgetedBytes.TooLarge;
        var chunks = new List<byte[]>();
        IDisposable? room = null;
        try
        {
            var (length, end) = (0L, false);
            while (!end)
            {
                // Its pieces are put together in the end: then it is here twice.
                if (length >= Free && room is null)
                    room = await budget.TakeAsync(2 * (announced ?? limit), holder, cancellationToken).ConfigureAwait(false);
                var chunk = ArrayPool<byte>.Shared.Rent(Chunk);
                chunks.Add(chunk);
                var read = await body.ReadAtLeastAsync(chunk.AsMemory(0, Chunk), Chunk, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                length += read;
                end = read < Chunk;
                if (length > limit)
                    return BudgetedBytes.TooLarge;
            }

            var bytes = new byte[length];
            for (var i = 0; i < chunks.Count; i++)
                chunks[i].AsSpan(0, (int)Math.Min(Chunk, length - ((long)i * Chunk))).CopyTo(bytes.AsSpan(i * Chunk));
            var readAll = new BudgetedBytes(bytes, room);
            room = null;
            return readAll;
        }
        finally
        {
            room?.Dispose();
            foreach (var chunk in chunks)
                ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
