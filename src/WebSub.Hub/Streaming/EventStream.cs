using System.Globalization;
using System.Text;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Streaming;

/// <summary>Writes server-sent events to one client (WHATWG HTML §9.2). One that accepts nothing for too long is disconnected.</summary>
/// <param name="context">The request.</param>
/// <param name="slow">How long a client may take to accept an event.</param>
/// <param name="time">The clock.</param>
internal sealed class EventStream(HttpContext context, TimeSpan slow, TimeProvider time)
{
    private static readonly byte[] End = "\n\n"u8.ToArray();

    /// <summary>Begins the response; the comment makes proxies pass it on at once.</summary>
    public Task BeginAsync(CancellationToken cancellationToken)
    {
        var headers = context.Response.Headers;
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        headers.CacheControl = "no-store";
        headers["X-Accel-Buffering"] = "no";
        return WriteAsync(cancellationToken, ":\n\n"u8.ToArray());
    }

    public Task HeartbeatAsync(CancellationToken cancellationToken) => WriteAsync(cancellationToken, ":\n\n"u8.ToArray());

    /// <summary>An entry; its sequence is the event's id.</summary>
    public Task UpdateAsync(string topic, LogEntry entry, byte[] body, CancellationToken cancellationToken) =>
        WriteAsync(cancellationToken, Line($"id: {Text(entry.Sequence)}\ndata: "), EventJson.Of(topic, entry, body), End);

    /// <summary>Entries from here on are no longer kept, or never were there: it goes on with the oldest one.</summary>
    public Task GapAsync(string topic, TopicId topicId, long oldest, CancellationToken cancellationToken) =>
        WriteAsync(
            cancellationToken,
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

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task WriteAsync(CancellationToken cancellationToken, params byte[][] parts)
    {
        using var late = new CancellationTokenSource(slow, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            foreach (var part in parts)
                await context.Response.Body.WriteAsync(part, either.Token);
            await context.Response.Body.FlushAsync(either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SlowClientException($"It accepted nothing for {slow.TotalSeconds:0.#} s.");
        }
    }
}
