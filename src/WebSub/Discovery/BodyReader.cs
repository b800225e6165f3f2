using WebSub.Documents;
using WebSub.Http;

namespace WebSub.Discovery;

/// <summary>Reads the links of a body: as much of it as is needed and allowed, whatever kind of document it turns out to be.</summary>
internal static class BodyReader
{
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
        using var body =
            ContentCoding.Decode(onTheWire, answer.ContentEncoding)
            ?? throw new InvalidDataException(
                $"Its body has the Content-Encoding {PlainText.Of(answer.ContentEncoding!, 60)}, which is not undone."
            );
        var start = new MemoryStream();
        var cutOff = await TryCopyAsync(body, start, Math.Min(DocumentStart.Bytes, maxBytes + 1), cancellationToken).ConfigureAwait(false);
        var kind = Sniff(start.GetBuffer().AsSpan(0, (int)start.Length), answer.ContentType);
        if (kind == DocumentKind.Other && cutOff is null)
            return (new(kind, new LinkFindings()), false);

        cutOff ??= await TryCopyAsync(body, start, maxBytes + 1, cancellationToken).ConfigureAwait(false);
        var isCut = start.Length > maxBytes;
        var reading = Read(
            kind,
            start.GetBuffer().AsSpan(0, (int)Math.Min(start.Length, maxBytes)),
            answer.ContentType,
            answer.Url,
            DocumentBudget.ForDiscovery(cancellationToken)
        );
        // The head may be there already, and with it all that is wanted.
        if (cutOff is not null && !reading.HeadIsOver && !reading.Links.HasBoth)
            throw new IOException(cutOff.Message, cutOff);
        return (reading, isCut && !reading.HeadIsOver);
    }

    /// <summary>The links of a body that is there as a whole.</summary>
    public static DocumentReading Read(ReadOnlySpan<byte> body, string? contentType, string url, DocumentBudget budget)
    {
        if (DocumentSniffer.IsHopeless(contentType))
            return new(DocumentKind.Other, new LinkFindings());
        var kind = Sniff(body, contentType);
        return kind == DocumentKind.Other ? new(kind, new LinkFindings()) : Read(kind, body, contentType, url, budget);
    }

    private static DocumentKind Sniff(ReadOnlySpan<byte> body, string? contentType) =>
        DocumentSniffer.Sniff(DocumentText.Decode(body[..Math.Min(DocumentStart.Bytes, body.Length)], contentType), contentType);

    private static DocumentReading Read(DocumentKind kind, ReadOnlySpan<byte> body, string? contentType, string url, DocumentBudget budget)
    {
        var text = DocumentText.Decode(body, contentType);
        if (kind != DocumentKind.Html)
            return FeedLinks.Read(text, url, budget);
        // A page that is served as XML is read as XML, if it is any; what no XML reader takes, browsers' rules still may.
        if (DocumentSniffer.IsXml(contentType) && FeedLinks.Read(text, url, budget) is { Kind: DocumentKind.Html, Fault: null } page)
            return page;
        return HtmlLinks.Read(text, url, budget);
    }

    /// <summary>Reads on up to a length; the exception, if the body breaks off before it.</summary>
    private static async Task<Exception?> TryCopyAsync(Stream from, MemoryStream to, long until, CancellationToken cancellationToken)
    {
        var chunk = new byte[16 * 1024];
        while (to.Length < until)
        {
            var wanted = (int)Math.Min(chunk.Length, until - to.Length);
            int read;
            try
            {
                read = await from.ReadAsync(chunk.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                return e;
            }

            if (read == 0)
                break;
            to.Write(chunk, 0, read);
        }

        return null;
    }
}
