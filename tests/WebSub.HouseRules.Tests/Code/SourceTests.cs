using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Code;

/// <summary>What holds for every file of code.</summary>
public sealed partial class SourceTests
{
    private const int Widest = 140;

    [Fact]
    public void Lines_AreNoWiderThanThePage()
    {
        var wide =
            from file in SourceFile.All
            from line in file.Text.Split('\n').Index()
            where line.Item.Length > Widest
            select $"{file.Name}:{line.Index + 1} has {line.Item.Length} characters";

        Findings.AssertNone(wide);
    }

    [Fact]
    public void Namespaces_MatchFolders()
    {
        var strays =
            from file in SourceFile.OfPackages
            where !file.Name.StartsWith("src/Shared/", StringComparison.Ordinal)
            let name = file.Namespace ?? file.FolderAsNamespace
            where name != file.FolderAsNamespace
            // Extension classes and builders stand where their users find them without a using.
            where !name.StartsWith("Microsoft.", StringComparison.Ordinal)
            select $"{file.Name} declares {name}";

        Findings.AssertNone(strays);
    }

    [Fact]
    public void Sql_StandsInStorageOnly()
    {
        var strays =
            from file in SourceFile.OfPackages
            where !file.Name.Contains("/Storage/", StringComparison.Ordinal)
            where !file.Name.StartsWith("src/WebSub.Storage/", StringComparison.Ordinal)
            where SqlPattern().IsMatch(file.Text)
            select $"{file.Name}: {SqlPattern().Match(file.Text).Value.Trim()}";

        Findings.AssertNone(strays);
    }

    [Fact]
    public void PublicTypes_StandAtThePackagesRoot()
    {
        var strays =
            from file in SourceFile.OfPackages
            where WithARoot.Any(p => file.Name.StartsWith($"src/{p}/", StringComparison.Ordinal))
            let isAtRoot = file.Name.Count(c => c == '/') == 2
            where PublicTypePattern().IsMatch(file.Text) != isAtRoot
            select isAtRoot ? $"{file.Name} is at the root, but not public" : $"{file.Name} is public, but not at the root";

        Findings.AssertNone(strays);
    }

    private static readonly string[] WithARoot = ["WebSub.Subscriber", "WebSub.Publisher", "WebSub.Hub"];

    [GeneratedRegex(@"""\s*(?:select\s.*\sfrom|insert into|update \{|delete from)\b|^\s+select\s.*\sfrom\s\{", RegexOptions.Multiline)]
    private static partial Regex SqlPattern();

    [GeneratedRegex(@"^public ", RegexOptions.Multiline)]
    private static partial Regex PublicTypePattern();
}
