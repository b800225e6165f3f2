using System.Security.Cryptography;
using System.Text;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>How subscriptions and requests for them last ended, for explanations; rows of old endings go as new ones come.</summary>
internal static class EndingStore
{
    private const int MaxSwept = 100;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>Stands for all topics of messages of a callback.</summary>
    public const string AllMessages = "";

    /// <summary>
    /// Notes how these ended, inside the transaction that ends them. With a member of a topic of predicates all that its callback got of
    /// messages has ended.
    /// </summary>
    public static async Task AddAsync(DbSession session, IReadOnlyList<EndedSubscription> ended, Ending ending)
    {
        var topics = await session.ReadAsync(
            $"select id, case when filtered = 0 then url else '{AllMessages}' end from {{topics}} where {session.AnyOf("id", "ids")}",
            new { ids = session.Ids(ended.Select(e => e.TopicId.Value).Distinct()) },
            row => (Id: row.GetInt64(0), Url: row.GetString(1))
        );
        var urls = topics.ToDictionary(t => t.Id, t => t.Url);
        await AddAsync(
            session,
            [.. ended.Where(e => urls.ContainsKey(e.TopicId.Value)).Select(e => (urls[e.TopicId.Value], e.Callback, StateOf(e)))],
            ending
        );

        // What a callback got of messages is known for each of its patterns, not for all together.
        LastState? StateOf(EndedSubscription one) => urls[one.TopicId.Value] == AllMessages ? null : LastState.Of(one, ending.At);
    }

    /// <inheritdoc cref="AddAsync(DbSession, IReadOnlyList{EndedSubscription}, Ending)"/>
    public static async Task AddAsync(
        DbSession session,
        IReadOnlyList<(string Topic, string Callback, LastState? State)> ended,
        Ending ending
    )
    {
        if (ended.Count == 0)
            return;
        await session.ExecuteAsync(
            $$"""
            insert into {endings} (pair, kind, reason, at, last_state) select v.pair, @Kind, @Reason, @At, v.last_state
            from {{JsonRows.As(session, "pair text, last_state text")}} where true
            on conflict (pair) do update set kind = excluded.kind, reason = excluded.reason, at = excluded.at,
              last_state = coalesce(excluded.last_state, {endings}.last_state)
            """,
            new
            {
                rows = JsonRows.Of(
                    ended
                        .Select(e => (Pair: PairOf(e.Topic, e.Callback), e.State))
                        .DistinctBy(e => e.Pair)
                        .OrderBy(e => e.Pair, StringComparer.Ordinal)
                        .Select(e => new object?[] { e.Pair, e.State?.Write() })
                ),
                ending.Kind,
                ending.Reason,
                ending.At,
            }
        );
        await session.ExecuteAsync(
            "delete from {endings} where pair in (select pair from {endings} where at < @old order by at limit @MaxSwept)",
            new { old = ending.At - KeptFor, MaxSwept }
        );
    }

    /// <summary>How this pair last ended; null if it did not, or long ago.</summary>
    public static Task<Ending?> FindAsync(DbSession session, string topic, string callback) => FindAsync(session, [topic], callback);

    /// <summary>How a callback's pairs with these topics last ended; null if none did, or long ago.</summary>
    public static async Task<Ending?> FindAsync(DbSession session, IEnumerable<string> topics, string callback) =>
        await session.ReadAsync(
            $$"""
            select e.kind, e.reason, e.at, e.last_state from {endings} e
            where e.pair in (select v.pair from {{JsonRows.As(session, "pair text")}}) order by e.at desc limit 1
            """,
            new { rows = JsonRows.Of(topics.Select(t => new object?[] { PairOf(t, callback) })) },
            row => new Ending(row.GetString(0), row.Text(1), new(row.GetInt64(2))) { State = LastState.Read(row.Text(3)) }
        )
            is [var ending]
            ? ending
            : null;

    private static string PairOf(string topic, string callback) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{topic}\n{callback}")));
}
