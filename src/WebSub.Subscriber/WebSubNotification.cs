using System.Text;
using Microsoft.Extensions.Primitives;
using WebSub.Protocol;
using WebSub.Subscriber.Handlers;

namespace WebSub.Subscriber;

/// <summary>One delivery of a hub (§7), its signature checked.</summary>
public sealed class WebSubNotification
{
    private string? _text;
    private IReadOnlyList<WebLink>? _links;

    /// <summary>The body, byte for byte as it came.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The <c>Content-Type</c> header, verbatim; null if there was none.</summary>
    public string? ContentType { get; init; }

    /// <summary>All request headers; names in any case, each with all its values. The signature does not cover them (S29).</summary>
    public required IReadOnlyDictionary<string, StringValues> Headers { get; init; }

    /// <summary>The subscription the delivery came in for, told by its callback (S26).</summary>
    public required WebSubSubscription Subscription { get; init; }

    /// <summary>The topic that was subscribed to. The delivery's own <c>rel=self</c> may differ (S26).</summary>
    public required string Topic { get; init; }

    /// <summary>The hub's name of this delivery (<c>WebSub-Delivery-Id</c>), the same at each of its attempts; null from hubs that send none.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Which attempt of the handler this is, from 1; always 1 inline.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>
    /// The body as text: in the charset of the content type, else by its byte order mark, else by its XML declaration, else UTF-8. Bytes that do not
    /// fit become U+FFFD.
    /// </summary>
    public string Text => _text ??= BodyText.Decode(Body.Span, ContentType);

    /// <summary>The links of its <c>Link</c> headers, in their order (§7). They are not signed and do not tell which subscription it is for (S26).</summary>
    public IReadOnlyList<WebLink> Links => _links ??= LinkHeader.Parse((IEnumerable<string?>)(Headers.TryGetValue(LinkHeader.Name, out var lines) ? lines : StringValues.Empty));

    /// <summary>The encoding that <see cref="Text"/> is read in.</summary>
    public Encoding Encoding => BodyText.EncodingOf(Body.Span, ContentType);
}
