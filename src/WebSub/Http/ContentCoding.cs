using System.IO.Compression;

namespace WebSub.Http;

/// <summary>Decodes a <c>Content-Encoding</c>. We ask for none, but some servers compress regardless.</summary>
public static class ContentCoding
{
    /// <summary>
    /// The body before it was compressed; null for an unknown coding, or several. Limit what you read: a few bytes may expand to very many.
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
