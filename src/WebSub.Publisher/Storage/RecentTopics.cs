namespace WebSub.Publisher.Storage;

/// <summary>The most recently published topics.</summary>
internal sealed class RecentTopics(PublisherDatabase database)
{
    public Task<IReadOnlyList<string>> ReadAsync(int max, CancellationToken cancellationToken) =>
        database.Db.ReadAsync(
            session => session.QueryAsync<string>("select topic from {topics} order by published_at desc, id limit @max", new { max }),
            cancellationToken
        );
}
