using System.IO.Compression;

namespace WebSub.Http;

/// <summary>Undoes a <c>Content-Encoding</c>. We ask for none, but some servers compress whatever they are asked.</summary>
public static class ContentCoding
{
    /// <summary>
    /// The body as it was before it was compressed; null for a coding we do not know, or several. Limit what you read: a few bytes may
    /// become very many.
    /// </summary>
    /// <param name="body">The body on the wire.</param>
    /// <param name="coding">The header's value; null or empty for none.</param>
    public static Stream? Decode(Stream body, string? coding) =>
        coding?.Trim().ToLowerInvariant() switch
        {
            null or "" or "identity" => body,
            "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(body, CompressionMode.Decompress),
            _ => null,
        };
}
