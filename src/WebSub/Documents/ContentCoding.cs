namespace WebSub.Documents;

/// <summary>Undoes a <c>Content-Encoding</c>. We ask for none, but some servers compress whatever they are asked.</summary>
/// <remarks>
/// Understood are gzip, deflate (with the zlib wrapper and, as many servers send it, without) and br, one over the other. A token that
/// names no coding at all, such as <c>utf-8</c> or <c>aws-chunked</c>, changes nothing, as in browsers. A body that breaks off or is not
/// what the header says is an <see cref="InvalidDataException"/>, never content.
/// </remarks>
public static class ContentCoding
{
    private const int MaxLayers = 3;

    /// <summary>Codings that exist and that we cannot undo. Whatever else is not known is no coding.</summary>
    private static readonly HashSet<string> NotUndone = new(StringComparer.OrdinalIgnoreCase)
    {
        "aes128gcm",
        "bzip2",
        "compress",
        "dcb",
        "dcz",
        "exi",
        "lz4",
        "lzma",
        "pack200-gzip",
        "sdch",
        "snappy",
        "x-bzip2",
        "x-compress",
        "xz",
        "zip",
        "zstd",
    };

    /// <summary>
    /// The body as it was before it was compressed; null for a coding that cannot be undone, or more than three. Reading it to its end
    /// throws <see cref="InvalidDataException"/> if it breaks off. Limit what you read: a few bytes may become very many.
    /// </summary>
    /// <param name="body">The body on the wire.</param>
    /// <param name="coding">The header's value; null or empty for none.</param>
    public static Stream? Decode(Stream body, string? coding)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (Layers(coding) is not { } layers)
            return null;
        foreach (var layer in layers)
            body = new DecodedStream(body, layer);
        return body;
    }

    /// <summary>The body as it was before it was compressed.</summary>
    /// <param name="body">The body on the wire.</param>
    /// <param name="coding">The header's value; null or empty for none.</param>
    /// <param name="maxBytes">The most that may come out.</param>
    /// <exception cref="InvalidDataException">It cannot be undone, breaks off, or has more than <paramref name="maxBytes"/>.</exception>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, string? coding, long maxBytes)
    {
        using var wire = new MemoryStream(body.ToArray(), writable: false);
        using var plain = Decode(wire, coding);
        if (plain is null)
            throw new InvalidDataException(
                $"The body has the Content-Encoding \"{coding}\"; undone are gzip, deflate and br, {MaxLayers} at most."
            );
        if (plain == wire)
            return body;

        var result = new MemoryStream();
        var buffer = new byte[81920];
        int read;
        while ((read = plain.Read(buffer)) > 0)
        {
            if (result.Length + read > maxBytes)
                throw new InvalidDataException(
                    $"The body has more than {maxBytes} bytes when its Content-Encoding \"{coding}\" is undone."
                );
            result.Write(buffer, 0, read);
        }

        return result.GetBuffer().AsMemory(0, (int)result.Length);
    }

    /// <summary>The layers from the outermost in: they are listed in the order they were applied (RFC 9110 §8.4).</summary>
    private static List<CodingLayer>? Layers(string? coding)
    {
        var layers = new List<CodingLayer>();
        foreach (var token in (coding ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // No coding has parameters, though some servers send a weight; and none is quoted.
            switch (token.Split(';')[0].Trim(' ', '\t', '"').ToLowerInvariant())
            {
                case "gzip" or "x-gzip":
                    layers.Add(CodingLayer.Gzip);
                    break;
                case "deflate" or "x-deflate":
                    layers.Add(CodingLayer.Deflate);
                    break;
                case "br":
                    layers.Add(CodingLayer.Brotli);
                    break;
                case var other when NotUndone.Contains(other):
                    return null;
            }
        }

        layers.Reverse();
        return layers.Count > MaxLayers ? null : layers;
    }
}
