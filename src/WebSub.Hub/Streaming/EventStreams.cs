using Microsoft.Extensions.Options;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Streaming;

/// <summary>
/// Runs the event streams: each client has a position in its topic's log and waits there until the log has grown. None has a thread.
/// </summary>
internal sealed class EventStreams : IDisposable
{
    private const int BeatsPerHeartbeat = 15;
    private readonly IOptions<HubOptions> _options;
    private readonly LogReader _reader;
    private readonly HeadSignals _heads;
    private readonly HubNode _node;
    private readonly HubMetrics _metrics;
    private readonly HubClock _time;
    private readonly ILogger<EventStreams> _logger;
    private readonly ITimer _beat;
    private readonly CancellationTokenRegistration _stopping;
    private int _clients;
    private int _isBeating;

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
        (_options, _reader, _heads, _node, _metrics, _time, _logger) = (options, reader, heads, node, metrics, time, logger);
        _beat = time.CreateTimer(_ => Beat(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _stopping = node.Stopping.Register(heads.End);
        metrics.Meter.CreateObservableGauge(
            "websub.hub.event_streams",
            () => (long)Volatile.Read(ref _clients),
            "{client}",
            "Event streams that clients have open."
        );
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _beat.Dispose();
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
        var stream = new EventStream(context, _options.Value.Events.SlowClient, _time, _node.Stopping);
        try
        {
            using var follower = _heads.Follow(topic.Id);
            await using var left = context.RequestAborted.UnsafeRegister(f => ((HeadSignals.Follower)f!).End(), follower);
            await stream.BeginAsync();
            await FollowAsync(context, url, topic, position, stream, follower);
        }
        catch (OperationCanceledException)
        {
            // The client has left, or the hub stops: it comes back and resumes.
        }
        catch (SlowClientException e)
        {
            Log.EventClientDropped(_logger, url, e.Message);
            await DropAsync(context, stream, url, HubMetrics.Slow, e.Message);
        }
        catch (Exception e) when (e is DatabaseException || FailureLog.IsOutage(e))
        {
            Log.EventClientDropped(_logger, url, FailureLog.ReasonOf(e));
            await DropAsync(context, stream, url, HubMetrics.DatabaseAway, "The database does not answer.");
        }
    }

    /// <summary>Ends a stream, and tells the client why if that is possible.</summary>
    private async Task DropAsync(HttpContext context, EventStream stream, string url, string label, string reason)
    {
        _metrics.StreamDropped(label);
        if (!await stream.DroppedAsync(url, reason + " Come back with the last id to go on."))
            context.Abort();
    }

    /// <summary>Most of the time it waits here, for ten thousand clients: what it holds meanwhile is memory.</summary>
    private async Task FollowAsync(
        HttpContext context,
        string url,
        ReadTopic topic,
        long position,
        EventStream stream,
        HeadSignals.Follower follower
    )
    {
        // A position that is not in the log, because the client has another log in mind or what follows is gone: from the oldest on.
        if (position > topic.Head || (topic.Oldest is { } oldest && position < oldest - 1))
        {
            position = (topic.Oldest ?? topic.Head + 1) - 1;
            await stream.GapAsync(url, topic.Id, position + 1);
        }

        var head = topic.Head;
        while (true)
        {
            if (position < head)
                position = await SendAsync(context, url, topic.Id, position, head, stream);
            StartBeating();
            var heard = await follower.WaitAsync(Math.Max(position, head), _time.GetTimestamp());
            _node.Stopping.ThrowIfCancellationRequested();
            context.RequestAborted.ThrowIfCancellationRequested();
            if (heard <= head)
                await stream.HeartbeatAsync();
            head = Math.Max(head, heard);
        }
    }

    /// <summary>Sends what follows a position up to the head. Returns where the client stands then.</summary>
    private async Task<long> SendAsync(HttpContext context, string url, TopicId topicId, long position, long head, EventStream stream)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _node.Stopping);
        var holder = context.Connection.RemoteIpAddress?.ToString() ?? "";
        while (position < head)
        {
            ends.Token.ThrowIfCancellationRequested();
            var step = await _reader.NextAsync(
                topicId,
                position,
                holder,
                (entry, body) => stream.UpdateAsync(url, entry, body),
                ends.Token
            );
            if (step.Position is not { } next)
                break;
            if (step.IsGap)
                await stream.GapAsync(url, topicId, next + 1);
            position = next;
        }

        return position;
    }

    /// <summary>One timer wakes all streams that have had nothing to say for long enough, a few times in between.</summary>
    private void Beat()
    {
        Volatile.Write(ref _isBeating, 0);
        _heads.WakeThoseOf(_time.GetTimestamp() - (long)(_options.Value.Events.Heartbeat.TotalSeconds * _time.TimestampFrequency));
        if (Clients > 0)
            StartBeating();
    }

    private void StartBeating()
    {
        if (Interlocked.Exchange(ref _isBeating, 1) == 0)
            _beat.Change(_options.Value.Events.Heartbeat / BeatsPerHeartbeat, Timeout.InfiniteTimeSpan);
    }

    private sealed class Place(EventStreams streams) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref streams._clients);
    }
}
