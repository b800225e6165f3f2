using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;

namespace WebSub.EndToEnd.Tests.Packages;

/// <summary>What a package of symbols tells a debugger: the source files, and where on the web they are.</summary>
internal sealed record Symbols(IReadOnlyList<string> Files, string SourceLink)
{
    private static readonly Guid SourceLinkKind = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    /// <summary>Reads those of the only assembly in the package.</summary>
    public static Symbols Read(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        using var content = new MemoryStream();
        using (var entry = archive.Entries.Single(e => Path.GetExtension(e.Name) == ".pdb").Open())
            entry.CopyTo(content);
        content.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(content);
        var reader = provider.GetMetadataReader();
        var link = reader
            .CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(i => reader.GetGuid(i.Kind) == SourceLinkKind)
            .Select(i => Encoding.UTF8.GetString(reader.GetBlobBytes(i.Value)));
        return new([.. reader.Documents.Select(d => reader.GetString(reader.GetDocument(d).Name))], link.SingleOrDefault() ?? "");
    }
}
