using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// Removes dead letters, and remembers what became of them for as long again: an update that was given up is not called delivered.
/// </summary>
internal static class PastLetterStore
{
    /// <summary>Removes dead letters inside the caller's transaction. Returns how many went.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="which">Says which, as a condition on their table; its parameters are those of <paramref name="parameters"/>.</param>
    /// <param name="parameters">Also has the fate as <c>@Fate</c> and the time as <c>@At</c>.</param>
    public static async Task<int> RemoveAsync(DbSession session, string which, object parameters)
    {
        await AddAsync(session, "last_sequence", which, parameters);
        return await session.ExecuteAsync($"delete from {{dead_letters}} where {which}", parameters);
    }

    /// <summary>Notes that of a dead letter all before an entry has been delivered.</summary>
    public static Task BeginsLaterAsync(DbSession session, long letter, long next, DatabaseTime at) =>
        AddAsync(
            session,
            "@next - 1",
            "id = @letter and first_sequence < @next",
            new
            {
                letter,
                next,
                At = at,
                Fate = PastLetter.Redelivered,
            }
        );

    /// <summary>Notes that a replay has delivered an entry.</summary>
    public static Task<int> AddReplayedAsync(DbSession session, SubscriptionRow subscription, long sequence, DatabaseTime at) =>
        session.ExecuteAsync(
            """
            insert into {past_letters} (topic_id, subscription_id, first_sequence, last_sequence, fate, at)
            values (@TopicId, @Id, @sequence, @sequence, @Replayed, @at)
            on conflict (topic_id, subscription_id, first_sequence, last_sequence) do update set fate = excluded.fate, at = excluded.at
            """,
            new
            {
                subscription.TopicId,
                subscription.Id,
                sequence,
                PastLetter.Replayed,
                at,
            }
        );

    /// <summary>Forgets what happened before a moment.</summary>
    public static Task<int> PruneAsync(DbSession session, DatabaseTime before) =>
        session.ExecuteAsync("delete from {past_letters} where at < @before", new { before });

    // Two letters of one entry may go at once: one of a replay beside the first.
    private static Task<int> AddAsync(DbSession session, string last, string which, object parameters) =>
        session.ExecuteAsync(
            $$"""
            insert into {past_letters} (topic_id, subscription_id, first_sequence, last_sequence, fate, at)
            select distinct topic_id, subscription_id, first_sequence, {{last}}, @Fate, @At from {dead_letters}
            where ({{which}}) and replayed = 0
            on conflict (topic_id, subscription_id, first_sequence, last_sequence) do update
              set fate = excluded.fate, at = excluded.at
            """,
            parameters
        );
}
