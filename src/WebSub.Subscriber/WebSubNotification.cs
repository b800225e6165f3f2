using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using WebSub.Documents;
using WebSub.Protocol;
using WebSub.Subscriber.Feeds;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber;

/// <summary>
/// One delivery of a hub (§7), its signature checked; or an update that the hub did not deliver (<see cref="Source"/>).
/// </summary>
public sealed class WebSubNotification
{
    private const int MaxContentBytes = 64 * 1024 * 1024;

    private string? _text;
    private ReadOnlyMemory<byte>? _content;
    private IReadOnlyList<WebLink>? _links;

    /// <summary>The body, byte for byte as received; compressed if the hub compressed it.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The <c>Content-Type</c> header, verbatim; null if there was none.</summary>
    public string? ContentType { get; init; }

    /// <summary>All request headers, with all their values; names are case-insensitive. The signature does not cover them (S29).</summary>
    public required IReadOnlyDictionary<string, StringValues> Headers { get; init; }

    /// <summary>The subscription the delivery is for, identified by its callback (S26).</summary>
    public required WebSubSubscription Subscription { get; init; }

    /// <summary>The topic that was subscribed to. The delivery's own <c>rel=self</c> may differ (S26).</summary>
    public required string Topic { get; init; }

    /// <summary>
    /// The hub's id of this delivery (<c>WebSub-Delivery-Id</c>), the same on every attempt; null from hubs that send none.
    /// </summary>
    public string? DeliveryId { get; init; }

    /// <summary>How it came: the hub delivered it, or it was found in another way, as <see cref="WebSubHealthOptions"/> says.</summary>
    /// <value>Default: <see cref="WebSubNotificationSource.Hub"/>.</value>
    public WebSubNotificationSource Source { get; init; }

    /// <summary>Its number in <see cref="IWebSubInbox"/>; null inline.</summary>
    public long? InboxId { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The number of this handler attempt, from 1; always 1 inline.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>True once <see cref="Gone"/> has been called.</summary>
    internal bool IsGone { get; private set; }

    /// <summary>
    /// Says that the subscription is no longer wanted: once the handler returns, it is ended here and unsubscribed at its hub, and later
    /// deliveries are answered 410 (S23). Equivalent to <see cref="WebSubReply.Gone"/> from an inline handler.
    /// </summary>
    public void Gone() => IsGone = true;

    /// <summary>The body with its <c>Content-Encoding</c> (gzip, deflate, br) decoded.</summary>
    /// <exception cref="InvalidDataException">It cannot be decoded, breaks off, or is larger than 64 MiB.</exception>
    public ReadOnlyMemory<byte> Content =>
        _content ??= ContentCoding.Decode(
            Body,
            Headers.TryGetValue(HeaderNames.ContentEncoding, out var encodings) ? encodings.ToString() : null,
            MaxContentBytes
        );

    /// <summary>
    /// The content as text, decoded by the byte order mark, else the charset of the content type, else the XML declaration or the HTML
    /// page's own, else as UTF-8; all encodings of the WHATWG Encoding Standard. An unknown charset counts as none, and invalid bytes
    /// become U+FFFD.
    /// </summary>
    public string Text => _text ??= DocumentText.Decode(Content.Span, ContentType);

    /// <summary>
    /// The links of its <c>Link</c> headers, in order (§7). They are not signed, and they do not determine which subscription it is for
    /// (S26).
    /// </summary>
    public IReadOnlyList<WebLink> Links =>
        _links ??= LinkHeader.Parse(
            (IEnumerable<string?>)(Headers.TryGetValue(LinkHeader.Name, out var lines) ? lines : StringValues.Empty)
        );

    /// <summary>The encoding used for <see cref="Text"/>.</summary>
    public Encoding Encoding => DocumentText.EncodingOf(Content.Span, ContentType);

    /// <summary>The content as JSON.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public JsonElement ReadJson() => JsonElement.Parse(Text);

    /// <summary>The content as JSON, deserialized.</summary>
    /// <typeparam name="T">The type to deserialize to.</typeparam>
    /// <param name="options">How to deserialize; null for the web defaults: camel case, case-insensitive names.</param>
    /// <exception cref="JsonException">It is not JSON, or does not fit the type.</exception>
    public T? ReadJson<T>(JsonSerializerOptions? options = null) =>
        JsonSerializer.Deserialize<T>(Text, options ?? JsonSerializerOptions.Web);

    /// <summary>
    /// The content as XML. Common mistakes in feeds (junk above the declaration, control characters, HTML's entities, a bare ampersand,
    /// undeclared prefixes) are repaired; <see cref="Text"/> is unchanged. Entity declarations are refused: they could reference files or
    /// expand without limit.
    /// </summary>
    /// <exception cref="XmlException">It is not XML, declares entities, or is larger or odder than documents are.</exception>
    public XDocument ReadXml() => DocumentXml.Parse(Text);

    /// <summary>The content as form fields (<c>application/x-www-form-urlencoded</c>), in order.</summary>
    /// <exception cref="FormatException">It is not a form.</exception>
    public HubFields ReadForm() =>
        HubFields.TryParse(Content.Span, out var fields, out var error) ? fields : throw new FormatException(error);

    /// <summary>The content as a feed: Atom, or any RSS.</summary>
    /// <exception cref="XmlException">It is not XML that <see cref="ReadXml"/> accepts.</exception>
    /// <exception cref="FormatException">It is XML, but not a feed.</exception>
    public WebSubFeed ReadFeed() => FeedReader.Read(ReadXml());
}
