using System.Text;
using System.Text.Json;

namespace WebSub.Cli.Listening;

/// <summary>The data of an event: an entry of the topic's log.</summary>
internal sealed record StreamedUpdate
{
    public required long Sequence { get; init; }

    public string? DeliveryId { get; init; }

    public string? ContentType { get; init; }

    public string? Body { get; init; }

    public byte[]? BodyBase64 { get; init; }

    /// <summary>The bytes that were published: a body in text is UTF-8.</summary>
    public byte[] Bytes => BodyBase64 ?? Encoding.UTF8.GetBytes(Body ?? "");

    /// <summary>Reads an event's data; null if it is something else.</summary>
    public static StreamedUpdate? Read(string data)
    {
        try
        {
            return JsonSerializer.Deserialize<StreamedUpdate>(data, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
