using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Code;

/// <summary>A C# file of the repository.</summary>
internal sealed partial record SourceFile(string Name, string Text)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SourceFile> All { get; } =
    [.. Repository.FilesWith(".cs").Select(f => new SourceFile(Repository.Name(f), File.ReadAllText(f)))];

    /// <summary>Those of the packages.</summary>
    public static IEnumerable<SourceFile> OfPackages => All.Where(f => f.Name.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>The namespace it declares; null for a program.</summary>
    public string? Namespace => NamespacePattern().Match(Text) is { Success: true } match ? match.Groups["name"].Value : null;

    /// <summary>The folder's name as a namespace: <c>WebSub.Hub.Storage</c> for <c>src/WebSub.Hub/Storage/X.cs</c>.</summary>
    public string FolderAsNamespace => string.Join('.', Name.Split('/')[1..^1]);

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex NamespacePattern();
}
