using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using WebSub.Storage;

namespace WebSub.Secrets;

/// <summary>Keeps Data Protection's keys in a folder, away from the database whose data key they wrap.</summary>
internal sealed class KeyFolder(string folder) : IXmlRepository
{
    /// <summary>The keys' files.</summary>
    public IEnumerable<string> Files => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.xml").Order() : [];

    public IReadOnlyCollection<XElement> GetAllElements() => [.. Files.Select(f => XElement.Load(f))];

    public void StoreElement(XElement element, string friendlyName)
    {
        PrivateFiles.CreateFolder(folder);
        var part = Path.Combine(folder, $"{friendlyName}.part");
        using (var file = PrivateFiles.Open(part, FileMode.Create, FileShare.None))
        {
            element.Save(file);
            file.Flush(flushToDisk: true);
        }

        // Whoever reads the folder meanwhile sees a whole file or none.
        File.Move(part, Path.ChangeExtension(part, ".xml"), overwrite: true);
    }
}
