using System.Text.RegularExpressions;

namespace WebSub.HouseRules.Tests.Documents;

/// <summary>
/// What of a file may cite rules and requirements: the prose of a page, comments of code, and the traits of tests. Anything else that looks
/// like a requirement is something else (a percent-encoded byte, a format).
/// </summary>
internal static partial class CitedText
{
    /// <summary>The files that may cite.</summary>
    public static IEnumerable<string> Files => Repository.FilesWith(".cs", ".md", ".sql", ".sh", ".csproj", ".props", ".txt");

    public static string Of(string file)
    {
        var text = File.ReadAllText(file);
        return Path.GetExtension(file) switch
        {
            ".md" => new MarkdownPage(text).Prose,
            ".cs" => string.Join('\n', CSharp().Matches(text).Select(m => m.Value)),
            _ => string.Join('\n', Comment().Matches(text).Select(m => m.Value)),
        };
    }

    [GeneratedRegex(@"//.*$|Trait\(.*?\)", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"(--|#).*$|<!--.*?-->", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Comment();
}
