using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Publishing;

/// <summary>Publishes, whether the request came by HTTP or from the app that embeds the hub.</summary>
internal sealed class HubPublishing(
    IOptions<HubOptions> options,
    HubDatabase database,
    TopicStore topics,
    TopicLog log,
    FetchSignal fetch,
    HubClock time
)
{
    private const long MaxBytes = 4L * 1024 * 1024;
    private const int RowCost = 128;

    // Ids are never used again, so an old one does no harm: nothing is appended to it.
    private readonly LruCache<string, TopicId?> _ids = new(MaxBytes);

    /// <summary>Makes the topics that have subscribers due for a fetch.</summary>
    public async Task PingAsync(IReadOnlyList<PingedTopic> pinged, CancellationToken cancellationToken)
    {
        using var activity = WebSubHubTelemetry
            .Start(WebSubHubTelemetry.Publish)
            ?.SetTag("websub.source", "ping")
            .SetTag("websub.topics", pinged.Count);
        var now = DatabaseTime.Now(time);
        if (
            await topics.PingAsync(
                pinged,
                options.Value.Publishing.Policy == PublishingPolicy.Registered,
                options.Value.Publishing.MinFetchInterval,
                now,
                cancellationToken
            ) > 0
        )
            fetch.Raise();
    }

    /// <summary>Appends content to a topic, which is created if it is new.</summary>
    public async Task PushAsync(string topic, byte[] content, string? contentType, CancellationToken cancellationToken)
    {
        using var activity = WebSubHubTelemetry
            .Start(WebSubHubTelemetry.Publish)
            ?.SetTag("websub.source", "push")
            .SetTag("websub.topic", topic);
        var now = DatabaseTime.Now(time);
        var topicId = _ids.Find(topic) ?? await FindOrAddAsync(topic, now, cancellationToken);
        // A topic that has long been unwanted may be swept away just before new content for it arrives.
        while (await log.AppendAsync(new(topicId, contentType, content, EntrySource.Push, now), cancellationToken) is null)
            topicId = await FindOrAddAsync(topic, now, cancellationToken);
    }

    private async Task<TopicId> FindOrAddAsync(string topic, DatabaseTime now, CancellationToken cancellationToken)
    {
        var id =
            await database.Db.ReadAsync(session => TopicStore.FindAsync(session, topic), cancellationToken)
            ?? await database.Db.WriteAsync(session => TopicStore.FindOrAddAsync(session, topic, now), cancellationToken);
        _ids.Set(topic, id, RowCost + (topic.Length * sizeof(char)));
        return id;
    }
}
