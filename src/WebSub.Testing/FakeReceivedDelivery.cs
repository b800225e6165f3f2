using System.Text;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Values;

namespace WebSub.Testing;

/// <summary>A POST that a <see cref="FakeSubscriber"/> received.</summary>
public sealed record FakeReceivedDelivery
{
    /// <summary>Path and query exactly as they came over the wire.</summary>
    public required string Target { get; init; }

    /// <summary>The raw body.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The content type exactly as received.</summary>
    public string? ContentType { get; init; }

    /// <summary>All headers; repeated ones joined with commas.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>Our hub's delivery id.</summary>
    public string? DeliveryId => Headers.GetValueOrDefault(HubHeaders.DeliveryId);

    /// <summary>Checks the signature.</summary>
    /// <param name="secret">The subscription's secret.</param>
    public SignatureVerdict Verify(string secret) =>
        HubSignature.Verify(Headers.GetValueOrDefault(HubHeaders.Signature), Secret.Parse(secret).Bytes, Body);
}
