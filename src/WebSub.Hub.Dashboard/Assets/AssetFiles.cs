using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace WebSub.Hub.Dashboard.Assets;

/// <summary>The scripts and styles in the assembly, compressed once, under names that change with what is in them.</summary>
internal sealed class AssetFiles
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["blazor.web.js"] = "text/javascript",
        ["mudblazor.js"] = "text/javascript",
        ["mudblazor.css"] = "text/css",
        ["dashboard.js"] = "text/javascript",
        ["dashboard.css"] = "text/css",
    };

    private readonly ConcurrentDictionary<string, Lazy<AssetFile>> _files = new(StringComparer.Ordinal);

    /// <summary>Where a page finds it, relative to the dashboard.</summary>
    public string Url(string name) => $"assets/{name}?{File(name).Tag}";

    public static IResult Answer(HttpContext context, string name)
    {
        if (!Types.TryGetValue(name, out var type))
            return TypedResults.NotFound();
        var file = context.RequestServices.GetRequiredService<AssetFiles>().File(name);
        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        var takesBrotli = context.Request.Headers.AcceptEncoding.ToString().Split(',').Any(e => e.Split(';')[0].Trim() == "br");
        if (!takesBrotli)
            return TypedResults.Bytes(file.Plain, type);
        headers.ContentEncoding = "br";
        return TypedResults.Bytes(file.Brotli, type);
    }

    private AssetFile File(string name) => _files.GetOrAdd(name, n => new(() => Load(n))).Value;

    private static AssetFile Load(string name)
    {
        using var resource = typeof(AssetFiles).Assembly.GetManifestResourceStream(name)!;
        using var plain = new MemoryStream();
        resource.CopyTo(plain);
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(plain.GetBuffer().AsSpan(0, (int)plain.Length));
        var bytes = plain.ToArray();
        return new(bytes, compressed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(bytes)[..6]));
    }
}
