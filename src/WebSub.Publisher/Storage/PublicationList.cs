using System.Runtime.CompilerServices;
using WebSub.Publisher.Hubs;
using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>Reads which hub knows of which update, including what has not been taken in yet.</summary>
internal sealed class PublicationList(PublisherDatabase database, PublisherHubs hubs)
{
    private const int PageSize = 500;

    public async IAsyncEnumerable<WebSubPublication> ReadAsync(string? topic, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = await WaitingAsync(topic, cancellationToken);
        var (afterTopic, afterHub) = (default(TopicId), default(HubId));
        while (true)
        {
            var page = await database.Db.ReadAsync(
                session => NoticeStore.PageAsync(session, topic, afterTopic, afterHub, PageSize),
                cancellationToken
            );
            foreach (var row in page)
            {
                waiting.Remove((row.Topic, row.Hub), out var more);
                yield return Publication(row, more);
            }

            if (page.Count < PageSize)
                break;
            (afterTopic, afterHub) = (page[^1].TopicId, page[^1].HubId);
        }

        foreach (var ((newTopic, hub), row) in waiting)
            yield return Publication(new() { Topic = newTopic, Hub = hub }, row);
    }

    private async Task<Dictionary<(string Topic, string Hub), WaitingTopic>> WaitingAsync(
        string? topic,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.Db.ReadAsync(
            session =>
                session.QueryAsync<WaitingTopic>(
                    $$"""
                    select topic, count(*) as count, max(published_at) as published_at from {pings}
                    {{(topic is null ? "" : "where topic = @topic")}} group by topic
                    """,
                    new { topic }
                ),
            cancellationToken
        );
        return rows.SelectMany(r => hubs.For(r.Topic).Select(h => (Key: (r.Topic, h.Url), Row: r))).ToDictionary(p => p.Key, p => p.Row);
    }

    private static WebSubPublication Publication(PublicationRow row, WaitingTopic? waiting)
    {
        var due = waiting is null ? row.Due : row.Due ?? waiting.PublishedAt;
        return new()
        {
            Topic = row.Topic,
            Hub = row.Hub,
            Updates = row.Head + (waiting?.Count ?? 0),
            Known = row.Told,
            IsPending = due is not null,
            PublishedAt = DatabaseTime.Max(row.PublishedAt, waiting?.PublishedAt ?? DatabaseTime.Epoch).ToMoment(),
            NotifiedAt = row.ToldAt?.ToMoment(),
            NextAttemptAt = due is { } next ? DatabaseTime.Max(next, row.NotBefore).ToMoment() : null,
            Attempts = row.Attempts,
            LastStatus = (int?)row.LastStatus,
            LastError = row.LastError,
        };
    }

    private sealed record WaitingTopic
    {
        public string Topic { get; init; } = "";

        public long Count { get; init; }

        public DatabaseTime PublishedAt { get; init; }
    }
}
