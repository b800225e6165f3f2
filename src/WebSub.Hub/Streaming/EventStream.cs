using System.Buffers;
using System.Globalization;
using System.Text;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Streaming;

/// <summary>Writes server-sent events to one client (WHATWG HTML §9.2). One that accepts nothing for too long is disconnected.</summary>
/// <param name="context">The request.</param>
/// <param name="slow">How long a client may take to accept an event.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Cancelled when the hub stops.</param>
internal sealed class EventStream(HttpContext context, TimeSpan slow, TimeProvider time, CancellationToken stopping)
{
    private static readonly byte[] End = "\n\n"u8.ToArray();
    private static readonly byte[] Comment = ":\n\n"u8.ToArray();

    /// <summary>What the client was too slow to accept.</summary>
    private Task _unaccepted = Task.CompletedTask;

    /// <summary>Begins the response; the comment makes proxies pass it on at once.</summary>
    public Task BeginAsync()
    {
        var headers = context.Response.Headers;
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        headers.CacheControl = "no-store";
        headers["X-Accel-Buffering"] = "no";
        return HeartbeatAsync();
    }

    public Task HeartbeatAsync() => WriteAsync(Comment);

    /// <summary>An entry; its sequence is the event's id.</summary>
    public Task UpdateAsync(string topic, LogEntry entry, byte[] body) =>
        WriteAsync(Line($"id: {Text(entry.Sequence)}\ndata: "), EventJson.Of(topic, entry, body), End);

    /// <summary>Entries from here on are no longer kept, or never were there: it goes on with the oldest one.</summary>
    public Task GapAsync(string topic, TopicId topicId, long oldest) =>
        WriteAsync(
            Line("event: gap\ndata: "),
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    topic,
                    topicId = $"{topicId.Value:x16}",
                    oldest,
                }
            ),
            End
        );

    /// <summary>
    /// Why the stream ends, as its last event, for a client that accepts what is left within the time for an event. False if it does not.
    /// </summary>
    public async Task<bool> DroppedAsync(string topic, string reason)
    {
        try
        {
            await WaitAsync(_unaccepted);
            await WriteAsync(
                Line("event: dropped\ndata: "),
                System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { topic, reason }),
                End
            );
            return true;
        }
        catch (Exception e) when (e is SlowClientException or OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private Task WriteAsync(params ReadOnlySpan<byte[]> parts)
    {
        var writer = context.Response.BodyWriter;
        foreach (var part in parts)
            writer.Write(part);
        var flush = writer.FlushAsync(context.RequestAborted);
        // A client that keeps up costs neither a timer nor anything else that its heartbeats would leave behind.
        return flush.IsCompletedSuccessfully ? Task.CompletedTask : WaitAsync(flush.AsTask());
    }

    private async Task WaitAsync(Task flush)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await flush.WaitAsync(slow, time, ends.Token);
        }
        catch (TimeoutException)
        {
            _unaccepted = flush;
            throw new SlowClientException($"The client accepted nothing for {slow.TotalSeconds:0.#} s.");
        }
    }
}
