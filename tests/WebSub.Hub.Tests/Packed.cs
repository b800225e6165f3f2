using System.IO.Compression;
using System.Text;

namespace WebSub.Hub.Tests;

/// <summary>Bodies as servers compress them.</summary>
internal static class Packed
{
    public static byte[] Of(string text, string coding)
    {
        var result = new MemoryStream();
        using (
            Stream packing = coding switch
            {
                "gzip" => new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(result, CompressionLevel.Fastest, leaveOpen: true),
                "deflate" => new ZLibStream(result, CompressionLevel.Fastest, leaveOpen: true),
                _ => new DeflateStream(result, CompressionLevel.Fastest, leaveOpen: true),
            }
        )
            packing.Write(Encoding.UTF8.GetBytes(text));
        return result.ToArray();
    }
}
