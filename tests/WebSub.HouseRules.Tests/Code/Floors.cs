using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Code;

/// <summary>The folders of a package from the bottom up, as docs/concepts/architecture.md lists them.</summary>
internal sealed partial record Floors(string Package, IReadOnlyList<string> Folders)
{
    /// <summary>Every package of the page's table that has floors.</summary>
    public static IReadOnlyList<Floors> OfThePage()
    {
        var page = File.ReadAllLines(Repository.File("docs/concepts/architecture.md"));
        return
        [
            .. from line in page
            let row = RowPattern().Match(line)
            where row.Success
            let folders = row.Groups[2].Value.Split('·').Select(f => FolderPattern().Match(f)).Where(f => f.Success)
            let floors = new Floors(row.Groups[1].Value, [.. folders.Select(f => f.Groups[1].Value)])
            where floors.Folders.Count > 1 && File.Exists(Repository.File($"src/{floors.Package}/{floors.Package}.csproj"))
            select floors,
        ];
    }

    /// <summary>The folders of the package that hold code and are not on the page.</summary>
    public IEnumerable<string> Missing()
    {
        var known = Folders.ToHashSet(StringComparer.Ordinal);
        return SourceFile
            .OfPackages.Where(f => f.Name.StartsWith($"src/{Package}/", StringComparison.Ordinal))
            .Select(f => string.Join('/', f.Name.Split('/')[2..^1]))
            .Where(f => f.Length > 0 && !known.Contains(f))
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>The namespace of a folder.</summary>
    public string NamespaceOf(string folder) => $"{Package}.{folder.Replace('/', '.')}";

    [GeneratedRegex(@"^\| `([\w.]+)` \| (.*) \|$")]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"^\s*`([\w/]+)`")]
    private static partial Regex FolderPattern();
}
