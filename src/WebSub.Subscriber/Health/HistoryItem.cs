using System.Text;
using System.Text.Json.Serialization;

namespace WebSub.Subscriber.Health;

/// <summary>An update in a hub's history, as our hub's <c>GET /hub/events</c> shows it: in a page, or as an event.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="DeliveryId">The id that its delivery had.</param>
/// <param name="ContentType">Its content type.</param>
/// <param name="Body">Its content, if that is text.</param>
/// <param name="BodyBase64">Its content, if it is not.</param>
internal sealed record HistoryItem(
    [property: JsonRequired] long Sequence,
    string? DeliveryId,
    string? ContentType,
    string? Body,
    byte[]? BodyBase64
)
{
    /// <summary>The bytes that were published: a body in text is UTF-8.</summary>
    [JsonIgnore]
    public byte[] Bytes => BodyBase64 ?? Encoding.UTF8.GetBytes(Body ?? "");
}
