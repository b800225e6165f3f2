using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Storage;

/// <summary>
/// Pauses. A paused subscription is one that is behind and asked for a pause without end: it keeps its position, no run joins it, no
/// attempt is made. Its lane's run learns of it as of any change of a row (rules 9, 10).
/// </summary>
internal static class PauseStore
{
    /// <summary>The subscription itself is paused.</summary>
    public const long Own = 1;

    /// <summary>Its topic is.</summary>
    public const long OfTopic = 2;

    /// <summary>Its origin is.</summary>
    public const long OfOrigin = 4;

    /// <summary>The lock of PostgreSQL that keeps pauses and new subscriptions apart.</summary>
    private const long Lock = 7310577312;

    /// <summary>For the row of a new subscription: the sum of the flags of the pauses that hold it back from the start.</summary>
    /// <param name="topic">What yields the topic's <see cref="KeyOf"/>.</param>
    /// <param name="origin">What yields the name of the callback's origin.</param>
    public static string Flags(string topic, string origin) => $"(select cast(coalesce(sum(flag), 0) as bigint) {Holding(topic, origin)})";

    /// <summary>For the row of a new subscription: until when they hold it back; null if none does.</summary>
    /// <inheritdoc cref="Flags"/>
    public static string Until(string topic, string origin) => $"(select max(until) {Holding(topic, origin)})";

    private static string Holding(string topic, string origin) =>
        $"from {{pauses}} where (flag = {OfTopic} and target = {topic}) or (flag = {OfOrigin} and target = {origin})";

    /// <summary>Later than any lease: the end of the year 9998.</summary>
    private static readonly DatabaseTime Never = DatabaseTime.From(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>
    /// For who stores a subscription: from here to its commit no pause begins or ends, so that its row has the flags of all that hold.
    /// Before any lane is locked.
    /// </summary>
    public static Task KeepAsync(DbSession session) => session.LockAsync(Lock, shared: true);

    /// <summary>
    /// For a step of a pause or of its end: it sees every subscription stored so far, and no other such step is under way. Before
    /// anything is read.
    /// </summary>
    public static Task ChangeAsync(DbSession session) => session.LockAsync(Lock);

    /// <summary>What <see cref="Flags"/> and <see cref="Until"/> know a topic by.</summary>
    public static string KeyOf(TopicId topicId) => $"{topicId.Value:x16}";

    /// <summary>Remembers that a topic or an origin is paused, for subscriptions that are yet to come.</summary>
    public static Task AddAsync(DbSession session, long flag, string target, string by, DatabaseTime now) =>
        session.ExecuteAsync(
            """
            insert into {pauses} (flag, target, until, requested_by, created_at) values (@flag, @target, @Never, @by, @now)
            on conflict (flag, target) do nothing
            """,
            new
            {
                flag,
                target,
                Never,
                by,
                now,
            }
        );

    /// <summary>Forgets it.</summary>
    public static Task RemoveAsync(DbSession session, long flag, string target) =>
        session.ExecuteAsync("delete from {pauses} where flag = @flag and target = @target", new { flag, target });

    /// <summary>
    /// Holds subscriptions back. What a joined one has had for certain is its lane's cursor: the lanes are locked first, as a run's save
    /// does. The epoch goes up by two, since a run may be about to give a member the next one.
    /// </summary>
    public static async Task PauseAsync(DbSession session, IReadOnlyList<EndedSubscription> rows, IReadOnlyList<long> ids, long flag)
    {
        await TouchLanesAsync(session, rows);
        await session.ExecuteAsync(
            $$"""
            update {subscriptions} set position = coalesce(position, (select l.cursor from {lanes} l where l.id = lane_id)),
              due = @Never, not_before = @Never, retry_at = null, claimed_by = null, epoch = epoch + 2, paused = paused | @flag
            where {{session.AnyOf("id", "ids")}}
            """,
            new
            {
                ids = session.Ids(ids),
                Never,
                flag,
            }
        );
    }

    /// <summary>
    /// Lets subscriptions go on, unless another pause holds them; they are due at once, with the whole schedule before them.
    /// </summary>
    public static Task ResumeAsync(DbSession session, IReadOnlyList<long> ids, long flag, DatabaseTime now) =>
        session.ExecuteAsync(
            $$"""
            update {subscriptions} set paused = paused - @flag,
              due = case when paused = @flag then @now else due end,
              not_before = case when paused = @flag then null else not_before end,
              attempts = 0, answered = 0, retry_at = null, behind_since = coalesce(behind_since, @now)
            where {{session.AnyOf("id", "ids")}}
            """,
            new
            {
                ids = session.Ids(ids),
                flag,
                now,
            }
        );

    /// <summary>Tells the runs of these subscriptions' lanes to read their members again.</summary>
    private static Task TouchLanesAsync(DbSession session, IReadOnlyList<EndedSubscription> rows) =>
        session.ExecuteAsync(
            $"update {{lanes}} set members_version = members_version + 1 where {session.AnyOf("id", "lanes")}",
            new { lanes = session.Ids(rows.Select(r => r.LaneId.Value).Distinct().Order()) }
        );
}
