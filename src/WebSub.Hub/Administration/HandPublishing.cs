using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Publishing;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;

namespace WebSub.Hub.Administration;

/// <summary>What an operator publishes by hand: at once, and in the audit log with the same commit.</summary>
internal sealed class HandPublishing(
    HubDatabase database,
    TopicLog log,
    FetchSignal fetch,
    HubEvents events,
    IOptions<HubOptions> options,
    HubClock time
)
{
    /// <summary>Has the hub fetch a topic now, as a ping does. Returns the action; null if there is no such topic.</summary>
    public async Task<long?> FetchAsync(ActionRow row, HubTopic topic, CancellationToken cancellationToken)
    {
        // The transaction may run where there is no current activity.
        var trace = TraceText.Current;
        var interval = options.Value.Publishing.MinFetchInterval;
        var action = await database.Db.WriteAsync<long?>(
            async session =>
                await TopicStore.PingAsync(session, topic.Url, interval, onlyRegistered: false, trace, row.RequestedAt) > 0
                    ? await ActionStore.LogAsync(session, row)
                    : null,
            cancellationToken
        );
        if (action is not { } id)
            throw new HubFieldException("topic", "It has no subscriptions, so it is not fetched.");
        fetch.Raise();
        events.TellAction(id);
        return id;
    }

    /// <summary>Appends content to a topic. Returns the action; null if there is no such topic.</summary>
    public async Task<long?> PublishAsync(ActionRow row, HubActionRequest request, TopicId topicId, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(request.Content ?? "");
        if (body.Length == 0)
            throw new HubFieldException("content", "It must be given.");
        if (body.Length > options.Value.Publishing.MaxContentBytes)
            throw new HubFieldException("content", $"It has {body.Length} bytes, and may have {options.Value.Publishing.MaxContentBytes}.");
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out _) || !Ascii.IsValid(request.ContentType))
            throw new HubFieldException("contentType", "It must be a content type, such as text/plain; charset=utf-8.");

        long? action = null;
        var append = new PendingAppend(topicId, request.ContentType, body, EntrySource.Push, DatabaseTime.Now(time))
        {
            With = async session => action = await ActionStore.LogAsync(session, row),
        };
        if (await log.AppendAsync(append, cancellationToken) is null || action is not { } id)
            return null;
        events.TellAction(id);
        return id;
    }
}
