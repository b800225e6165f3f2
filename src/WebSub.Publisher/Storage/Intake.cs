using WebSub.Publisher.Hubs;
using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>
/// Takes in what was published: one row per topic and hub with the number of its newest update, so that a thousand pings for a topic become
/// one notice. One process at a time, so that content stays in order.
/// </summary>
internal sealed class Intake(PublisherDatabase database, PublisherHubs hubs, HubStore hubStore)
{
    /// <summary>The maximum number of updates that one transaction takes in.</summary>
    public const int MaxPings = 500;

    /// <summary>A topic's failures must not make a new update wait longer than this.</summary>
    private static readonly TimeSpan SoonAfter = TimeSpan.FromMinutes(1);

    /// <summary>True if an update waits.</summary>
    public Task<bool> HasWorkAsync(CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            async session => await session.ScalarAsync<long>("select count(*) from (select 1 from {pings} limit 1) p") > 0,
            cancellationToken
        );

    /// <summary>
    /// Takes in up to <see cref="MaxPings"/> updates. Returns how many there were, and the topics for which no hub is configured.
    /// </summary>
    public Task<TakenIn> RunAsync(TimeSpan interval, DatabaseTime now, CancellationToken cancellationToken) =>
        database.Db.WriteAsync(session => RunAsync(session, interval, now), cancellationToken);

    private async Task<TakenIn> RunAsync(DbSession session, TimeSpan interval, DatabaseTime now)
    {
        await session.LockAsync(7310577311);
        var pings = await session.QueryAsync<WaitingPing>(
            $$"""
            select id, topic, case when content is null then 0 else 1 end as has_content, trace_parent, published_at
            from {pings} order by id limit @max
            """,
            new { max = MaxPings }
        );
        var unserved = new List<string>();
        // Hubs before topics before notices: the order in which the sender saves, so that there are no deadlocks.
        await HurryAsync(
            session,
            [.. pings.SelectMany(p => hubs.For(p.Topic)).Select(h => hubStore.IdOf(h.Url)).Distinct().OrderBy(id => id.Value)],
            now
        );
        foreach (var updates in pings.GroupBy(p => p.Topic, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (hubs.For(updates.Key) is { Count: > 0 } served)
                await NoteAsync(session, served, [.. updates], interval, now);
            else
                unserved.Add(updates.Key);
        }

        await session.ExecuteAsync(
            $$"""delete from {pings} where {{session.AnyOf("id", "ids")}}""",
            new { ids = session.Ids(pings.Select(p => p.Id)) }
        );
        return new(pings.Count, unserved);
    }

    /// <summary>A hub that did not answer is tried again soon, unless it named a time itself.</summary>
    private static Task<int> HurryAsync(DbSession session, IReadOnlyList<HubId> hubIds, DatabaseTime now) =>
        session.ExecuteAsync(
            $$"""
            update {hubs} set not_before = case when hold_until > @soon then hold_until else @soon end
            where {{session.AnyOf("id", "ids")}} and not_before > @soon
            """,
            new { ids = session.Ids(hubIds), soon = now + SoonAfter }
        );

    private async Task NoteAsync(
        DbSession session,
        IReadOnlyList<WebSubPublisherHub> served,
        IReadOnlyList<WaitingPing> updates,
        TimeSpan interval,
        DatabaseTime now
    )
    {
        var newest = updates[^1];
        var topic = await session.FirstOrDefaultAsync<TopicHead>(
            """
            insert into {topics} (topic, head, published_at) values (@Topic, @count, @PublishedAt)
            on conflict (topic) do update set head = {topics}.head + @count, published_at = @PublishedAt
            returning id, head
            """,
            new
            {
                newest.Topic,
                newest.PublishedAt,
                count = (long)updates.Count,
            }
        );
        var keepsContent = false;
        foreach (var (hub, id) in served.Select(h => (Hub: h, Id: hubStore.IdOf(h.Url))).OrderBy(h => h.Id.Value))
        {
            keepsContent |= hub.TakesContent;
            await session.ExecuteAsync(
                """
                insert into {notices} (topic_id, hub_id, head, takes_content, due, published_at, trace_parent)
                values (@topic, @id, @Head, @takes, @now, @PublishedAt, @TraceParent)
                on conflict (topic_id, hub_id) do update set
                  head = @Head, takes_content = @takes, published_at = @PublishedAt, trace_parent = @TraceParent,
                  attempts = case when {notices}.due is null then 0 else {notices}.attempts end,
                  failing_since = case when {notices}.due is null then null else {notices}.failing_since end,
                  due = case
                    when {notices}.due is null and {notices}.told_at > @now - @interval then {notices}.told_at + @interval
                    when {notices}.due is null then @now
                    when {notices}.due > @soon then case when {notices}.hold_until > @soon then {notices}.hold_until else @soon end
                    else {notices}.due end
                """,
                new
                {
                    topic = topic!.Id,
                    id,
                    topic.Head,
                    takes = hub.TakesContent,
                    now,
                    soon = now + SoonAfter,
                    interval = hub.TakesContent ? 0 : DatabaseTime.LengthOf(interval),
                    newest.PublishedAt,
                    newest.TraceParent,
                }
            );
        }

        if (!keepsContent)
            return;
        var first = topic!.Head - updates.Count + 1;
        for (var i = 0; i < updates.Count; i++)
        {
            if (!updates[i].HasContent)
                continue;
            await session.ExecuteAsync(
                "insert into {contents} (topic_id, number, content_type, body) select @topic, @number, content_type, "
                    + "content from {pings} where id = @Id",
                new
                {
                    topic = topic.Id,
                    number = first + i,
                    updates[i].Id,
                }
            );
        }
    }

    private sealed record TopicHead
    {
        public TopicId Id { get; init; }

        public long Head { get; init; }
    }
}
