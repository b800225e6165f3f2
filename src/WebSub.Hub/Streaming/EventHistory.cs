using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Streaming;

/// <summary>A page of a topic's log as JSON. Bounded in entries and bytes; <c>next</c> leads to the following one.</summary>
internal sealed class EventHistory(LogReader reader)
{
    public const int MaxItems = 1000;
    public const int UsualItems = 100;
    private const int MaxBytes = 1024 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="context">The request.</param>
    /// <param name="url">The topic.</param>
    /// <param name="topic">What is stored of it.</param>
    /// <param name="after">The sequence before the page's first.</param>
    /// <param name="limit">The most entries.</param>
    public async Task<IResult> ReadAsync(HttpContext context, string url, ReadTopic topic, long after, int limit)
    {
        var holder = context.Connection.RemoteIpAddress?.ToString() ?? "";
        var isGap = after > topic.Head || (topic.Oldest is { } oldest && after < oldest - 1);
        var position = isGap ? (topic.Oldest ?? topic.Head + 1) - 1 : after;
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("topic", url);
            json.WriteNumber("head", topic.Head);
            if (topic.Oldest is { } first)
                json.WriteNumber("oldest", first);
            json.WriteBoolean("gap", isGap);
            json.WriteStartArray("items");
            var items = 0;
            while (items < limit && position < topic.Head && json.BytesCommitted + json.BytesPending < MaxBytes)
            {
                var step = await reader.NextAsync(
                    topic.Id,
                    position,
                    holder,
                    (entry, body) =>
                    {
                        EventJson.Write(json, url, entry, body);
                        items++;
                        return Task.CompletedTask;
                    },
                    context.RequestAborted
                );
                if (step.Position is not { } next)
                    break;
                position = next;
            }

            json.WriteEndArray();
            json.WriteString("next", position < topic.Head && items > 0 ? NextOf(url, position, limit) : null);
            json.WriteEndObject();
        }

        context.Response.Headers.CacheControl = "no-store";
        return new PlainResult(TypedResults.Bytes(buffer.WrittenMemory.ToArray(), "application/json; charset=utf-8"));
    }

    // Relative, since only the client knows by which address it came.
    private static string NextOf(string url, long after, int limit) =>
        string.Create(CultureInfo.InvariantCulture, $"?topic={Uri.EscapeDataString(url)}&after={after}&limit={limit}");
}
