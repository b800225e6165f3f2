using Microsoft.Extensions.Options;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Streaming;

/// <summary>
/// Runs the event streams: each client has a position in its topic's log and waits there until the log has grown. None has a thread.
/// </summary>
internal sealed class EventStreams
{
    private readonly IOptions<HubOptions> _options;
    private readonly LogReader _reader;
    private readonly HeadSignals _heads;
    private readonly HubNode _node;
    private readonly HubClock _time;
    private readonly ILogger<EventStreams> _logger;
    private int _clients;

    public EventStreams(
        IOptions<HubOptions> options,
        LogReader reader,
        HeadSignals heads,
        HubNode node,
        HubMetrics metrics,
        HubClock time,
        ILogger<EventStreams> logger
    )
    {
        (_options, _reader, _heads, _node, _time, _logger) = (options, reader, heads, node, time, logger);
        metrics.Meter.CreateObservableGauge(
            "websub.hub.event_streams",
            () => (long)Volatile.Read(ref _clients),
            "{client}",
            "Event streams that clients have open."
        );
    }

    /// <summary>How many clients there are.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Takes a place for a client; null if all are taken. Disposed when it leaves.</summary>
    public IDisposable? Enter()
    {
        if (Interlocked.Increment(ref _clients) <= _options.Value.Events.MaxClients)
            return new Place(this);
        Interlocked.Decrement(ref _clients);
        return null;
    }

    /// <summary>Streams a topic's entries until the client leaves, is too slow, or the hub stops.</summary>
    /// <param name="context">The request.</param>
    /// <param name="url">The topic.</param>
    /// <param name="topic">What is stored of it.</param>
    /// <param name="position">The last sequence that the client has.</param>
    public async Task RunAsync(HttpContext context, string url, ReadTopic topic, long position)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _node.Stopping);
        var stream = new EventStream(context, _options.Value.Events.SlowClient, _time);
        try
        {
            using var follower = _heads.Follow(topic.Id);
            await stream.BeginAsync(ends.Token);
            await FollowAsync(context, url, topic, position, stream, follower, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // The client has left, or the hub stops: it comes back and resumes.
        }
        catch (SlowClientException e)
        {
            Log.EventClientDropped(_logger, url, e.Message);
            context.Abort();
        }
        catch (Exception e) when (e is DatabaseException || FailureLog.IsOutage(e))
        {
            Log.EventClientDropped(_logger, url, FailureLog.ReasonOf(e));
            context.Abort();
        }
    }

    private async Task FollowAsync(
        HttpContext context,
        string url,
        ReadTopic topic,
        long position,
        EventStream stream,
        HeadSignals.Follower follower,
        CancellationToken cancellationToken
    )
    {
        var holder = context.Connection.RemoteIpAddress?.ToString() ?? "";
        // A position that is not in the log, because the client has another log in mind or what follows is gone: from the oldest on.
        if (position > topic.Head || (topic.Oldest is { } oldest && position < oldest - 1))
        {
            position = (topic.Oldest ?? topic.Head + 1) - 1;
            await stream.GapAsync(url, topic.Id, position + 1, cancellationToken);
        }

        var head = topic.Head;
        while (true)
        {
            while (position < head)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var step = await _reader.NextAsync(
                    topic.Id,
                    position,
                    holder,
                    (entry, body) => stream.UpdateAsync(url, entry, body, cancellationToken),
                    cancellationToken
                );
                if (step.Position is not { } next)
                    break;
                if (step.IsGap)
                    await stream.GapAsync(url, topic.Id, next + 1, cancellationToken);
                position = next;
            }

            var heard = await follower.WaitAsync(Math.Max(position, head), _options.Value.Events.Heartbeat, _time, cancellationToken);
            if (heard <= head)
                await stream.HeartbeatAsync(cancellationToken);
            head = Math.Max(head, heard);
        }
    }

    private sealed class Place(EventStreams streams) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref streams._clients);
    }
}
