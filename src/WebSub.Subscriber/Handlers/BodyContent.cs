using System.IO.Compression;
using Microsoft.Extensions.Primitives;

namespace WebSub.Subscriber.Handlers;

/// <summary>Undoes content encodings, with a limit: a few compressed bytes can become very many.</summary>
internal static class BodyContent
{
    public const int MaxBytes = 64 * 1024 * 1024;

    private const int MaxLayers = 3;

    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, StringValues encodings)
    {
        var names = encodings
            .SelectMany(e => (e ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(e => !e.Equals("identity", StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (names.Count > MaxLayers)
            throw new InvalidDataException(
                $"The body has {names.Count} content encodings, one over the other; {MaxLayers} at most are undone."
            );
        // Applied in the order they are listed (RFC 9110 §8.4), so undone from the end.
        foreach (var name in names.AsEnumerable().Reverse())
            body = Undo(body, name);
        return body;
    }

    private static ReadOnlyMemory<byte> Undo(ReadOnlyMemory<byte> body, string encoding)
    {
        using var source = new MemoryStream(body.ToArray(), writable: false);
        using Stream plain = encoding.ToUpperInvariant() switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(source, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(source, CompressionMode.Decompress),
            "BR" => new BrotliStream(source, CompressionMode.Decompress),
            _ => throw new InvalidDataException($"The body has the content encoding \"{encoding}\"; known are gzip, deflate and br."),
        };
        using var result = new MemoryStream();
        var buffer = new byte[81920];
        int read;
        try
        {
            while ((read = plain.Read(buffer)) > 0)
            {
                if (result.Length + read > MaxBytes)
                    throw new InvalidDataException($"The body has more than {MaxBytes} bytes when its {encoding} is undone.");
                result.Write(buffer, 0, read);
            }
        }
        catch (InvalidOperationException e)
        {
            // What the brotli decoder throws.
            throw new InvalidDataException(e.Message, e);
        }

        return result.ToArray();
    }
}
