using System.Text.Json.Serialization;

namespace WebSub.Subscriber.Health;

/// <summary>An update in a hub's history, as our hub's <c>GET /hub/events</c> shows it.</summary>
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
    string? BodyBase64
);
