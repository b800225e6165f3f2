using WebSub.Http;

namespace WebSub.Discovery;

/// <summary>Reads the links of a body: as much of it as is needed and allowed, whatever kind of document it turns out to be.</summary>
internal static class BodyReader
{
    private const int SniffBytes = 4096;

    /// <summary>
    /// The links; <c>TooLarge</c> if the body is larger than <paramref name="maxBytes"/> and that part of it does not hold the whole head.
    /// </summary>
    public static async Task<(DocumentReading Reading, bool TooLarge)> ReadAsync(
        ResourceAnswer answer,
        long maxBytes,
        CancellationToken cancellationToken
    )
    {
        if (DocumentSniffer.IsHopeless(answer.ContentType))
            return (new(DocumentKind.Other, new LinkFindings()), false);

        var onTheWire = await answer.OpenBodyAsync(cancellationToken).ConfigureAwait(false);
        using var body = ContentCoding.Decode(onTheWire, answer.ContentEncoding) ?? onTheWire;
        var start = new MemoryStream();
        await CopyAsync(body, start, Math.Min(SniffBytes, maxBytes + 1), cancellationToken).ConfigureAwait(false);
        var kind = DocumentSniffer.Sniff(
            DocumentText.Decode(start.GetBuffer().AsSpan(0, (int)start.Length), answer.ContentType),
            answer.ContentType
        );
        if (kind == DocumentKind.Other)
            return (new(kind, new LinkFindings()), false);

        await CopyAsync(body, start, maxBytes + 1, cancellationToken).ConfigureAwait(false);
        var isCut = start.Length > maxBytes;
        var reading = Read(kind, start.GetBuffer().AsSpan(0, (int)Math.Min(start.Length, maxBytes)), answer.ContentType, answer.Url);
        return (reading, isCut && !reading.HeadIsOver);
    }

    /// <summary>The links of a body that is there as a whole.</summary>
    public static DocumentReading Read(ReadOnlySpan<byte> body, string? contentType, string url)
    {
        if (DocumentSniffer.IsHopeless(contentType))
            return new(DocumentKind.Other, new LinkFindings());
        var kind = DocumentSniffer.Sniff(DocumentText.Decode(body[..Math.Min(SniffBytes, body.Length)], contentType), contentType);
        return kind == DocumentKind.Other ? new(kind, new LinkFindings()) : Read(kind, body, contentType, url);
    }

    private static DocumentReading Read(DocumentKind kind, ReadOnlySpan<byte> body, string? contentType, string url)
    {
        var text = DocumentText.Decode(body, contentType);
        return kind == DocumentKind.Html ? HtmlLinks.Read(text, url) : FeedLinks.Read(text, url);
    }

    private static async Task CopyAsync(Stream from, MemoryStream to, long until, CancellationToken cancellationToken)
    {
        var chunk = new byte[16 * 1024];
        while (to.Length < until)
        {
            var wanted = (int)Math.Min(chunk.Length, until - to.Length);
            var read = await from.ReadAsync(chunk.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return;
            to.Write(chunk, 0, read);
        }
    }
}
