using Microsoft.Extensions.Options;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
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
        var topicId =
            await database.Db.ReadAsync(session => TopicStore.FindAsync(session, topic), cancellationToken)
            ?? await database.Db.WriteAsync(session => TopicStore.FindOrAddAsync(session, topic, now), cancellationToken);
        // A topic that has long been unwanted may be swept away just before new content for it arrives.
        while (await log.AppendAsync(new(topicId, contentType, content, EntrySource.Push, now), cancellationToken) is null)
        {
            topicId = await database.Db.WriteAsync(session => TopicStore.FindOrAddAsync(session, topic, now), cancellationToken);
        }
    }
}
