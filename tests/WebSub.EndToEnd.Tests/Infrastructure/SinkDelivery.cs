using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A POST to a callback.</summary>
/// <param name="Headers">Its headers as they came.</param>
/// <param name="Body">The raw bytes.</param>
/// <param name="Signature">The verdict on the signature; null if the callback has no secret.</param>
internal sealed record SinkDelivery(IReadOnlyDictionary<string, string?[]> Headers, byte[] Body, SignatureVerdict? Signature)
{
    public string? ContentType => Header("Content-Type");

    public string? DeliveryId => Header(HubHeaders.DeliveryId);

    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? string.Join(", ", values) : null;
}
