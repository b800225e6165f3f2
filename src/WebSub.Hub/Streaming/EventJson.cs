using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;

namespace WebSub.Hub.Streaming;

/// <summary>
/// An entry as event streams and history show it. A body that is UTF-8 text is a string, any other one base64; names are those of
/// <c>websub listen --json</c>.
/// </summary>
internal static class EventJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object, on one line.</summary>
    public static byte[] Of(string topic, LogEntry entry, byte[] body)
    {
        var buffer = new ArrayBufferWriter<byte>(body.Length + 512);
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, topic, entry, body);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter json, string topic, LogEntry entry, byte[] body)
    {
        json.WriteStartObject();
        json.WriteString("topic", topic);
        json.WriteNumber("sequence", entry.Sequence);
        json.WriteString("deliveryId", PublicIds.OfDelivery(entry.TopicId, entry.Sequence));
        json.WriteString("publishedAt", entry.PublishedAt.ToMoment());
        json.WriteString("contentType", entry.ContentType);
        if (Utf8.IsValid(body) && !body.AsSpan().Contains((byte)0))
            json.WriteString("body", body);
        else
            json.WriteBase64String("bodyBase64", body);
        json.WriteEndObject();
    }
}
