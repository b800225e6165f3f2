using System.Text;
using WebSub.Signatures;

namespace WebSub.Testing;

/// <summary>A delivery that a <see cref="FakeHub"/> makes.</summary>
public sealed record FakeDelivery
{
    /// <summary>The body.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>The <c>Content-Type</c> header, verbatim; null sends none.</summary>
    public string? ContentType { get; init; } = "text/plain; charset=utf-8";

    /// <summary>The secret to sign with; null signs with the secret of the subscribe request, an empty string does not sign.</summary>
    public string? Secret { get; init; }

    /// <summary>The signature method.</summary>
    public SignatureMethod Method { get; init; } = SignatureMethod.Sha256;

    /// <summary>An <c>X-Hub-Signature</c> header to send as is, instead of a computed one.</summary>
    public string? Signature { get; init; }

    /// <summary>A <c>WebSub-Delivery-Id</c> header; null sends none.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>Additional headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>True sends the body in chunks, without its length.</summary>
    public bool Chunked { get; init; }

    /// <summary>A delivery with a text body.</summary>
    /// <param name="body">The text, sent as UTF-8.</param>
    public static implicit operator FakeDelivery(string body) => FromString(body);

    /// <inheritdoc cref="op_Implicit"/>
    public static FakeDelivery FromString(string body) => new() { Body = Encoding.UTF8.GetBytes(body) };
}
