using System.Diagnostics;
using System.Text.RegularExpressions;
using WebSub.Cli;

namespace WebSub.HouseRules.Tests.Documents;

/// <summary>
/// What the pages have their readers type is run by a test that a comment before the block names, or the comment says why it is not. Even
/// then it is something that a shell and <c>websub</c> understand.
/// </summary>
public sealed partial class ConsoleTests
{
    private static readonly List<(string Page, Match Match)> Blocks =
    [
        .. Repository
            .FilesWith(".md")
            .Select(f => (Page: Repository.Name(f), Text: File.ReadAllText(f)))
            .Where(f => IsPublished(f.Page))
            .SelectMany(f => Block().Matches(f.Text).Select(m => (f.Page, m))),
    ];

    [Fact]
    public void ConsoleBlocks_OfThePages_NameTheTestThatRunsThemOrTheReasonWhyNot()
    {
        var tests = Repository
            .FilesWith(".cs")
            .Where(f => Repository.Name(f).StartsWith("tests/", StringComparison.Ordinal))
            .ToLookup(f => Path.GetFileNameWithoutExtension(f), File.ReadAllText, StringComparer.Ordinal);

        var unknown = Blocks
            .SelectMany(b => TestName().Matches(b.Match.Groups["reason"].Value).Select(m => (b.Page, m.Value)))
            .Where(n => !tests.Contains(n.Value))
            .Select(n => $"{n.Page}: {n.Value} does not exist");
        var findings = Blocks
            .Where(b => !b.Match.Groups["reason"].Success)
            .Where(b => !tests[b.Match.Groups["test"].Value].Any(t => t.Contains(b.Page, StringComparison.Ordinal)))
            .Select(b =>
                b.Match.Groups["test"].Success
                    ? $"{b.Page}: {b.Match.Groups["test"].Value} does not exist, or does not name this page"
                    : $"{b.Page}: needs <!-- run by …Tests --> or <!-- not run: reason --> before: {First(b.Match)}"
            );

        Assert.True(Blocks.Count(b => b.Match.Groups["test"].Success) >= 35, $"{Blocks.Count} blocks");
        Findings.AssertNone(findings.Concat(unknown));
    }

    [Fact]
    public void ConsoleBlocks_OfThePages_AreUnderstoodByWebsub()
    {
        var lines = Blocks
            .SelectMany(b => Commands(b.Match).Select(c => (b.Page, Command: c)))
            .SelectMany(c => Websub().Matches(c.Command).Select(m => (c.Page, Line: m.Groups["arguments"].Value)))
            .ToList();

        var findings = lines
            .Select(c => (c.Page, c.Line, Fault: CommandLine.Fault(Arguments(c.Line))))
            .Where(c => c.Fault is not null)
            .Select(c => $"{c.Page}: websub {c.Line}: {c.Fault}");

        Assert.True(lines.Count > 50, $"{lines.Count} lines");
        Findings.AssertNone(findings);
    }

    [Fact]
    public void ConsoleBlocks_OfThePages_AreUnderstoodByAShell()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");
        var script = string.Join('\n', Blocks.SelectMany(b => Commands(b.Match).Select(c => $"# {b.Page}\n{c}")));
        using var bash = Process.Start(
            new ProcessStartInfo("/bin/bash", ["-n"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardError = true,
            }
        )!;

        bash.StandardInput.Write(script);
        bash.StandardInput.Close();
        var faults = bash.StandardError.ReadToEnd();
        bash.WaitForExit();

        Assert.Equal("", faults);
    }

    // A line of output is no command; where nothing has a prompt, everything is one.
    private static IEnumerable<string> Commands(Match block)
    {
        var lines = Continued().Replace(block.Groups["text"].Value, " ").Split('\n');
        return lines.Any(l => l.StartsWith("$ ", StringComparison.Ordinal))
            ? lines.Where(l => l.StartsWith("$ ", StringComparison.Ordinal)).Select(l => l[2..])
            : lines;
    }

    private static string First(Match block) => block.Groups["text"].Value.Split('\n')[0];

    // Words in capitals stand for what the reader puts there.
    private static List<string> Arguments(string line) =>
        [
            .. Word()
                .Matches(line)
                .Select(w => Quote().Replace(w.Value, "${text}"))
                .Select(w => w is "URL" or "TOPIC" ? "https://blog.example/" : w),
        ];

    private static bool IsPublished(string page) =>
        page is "README.md" || page.StartsWith("docs/", StringComparison.Ordinal) || page.StartsWith("samples/", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^(<!-- (run by (?<test>\w+)|not run: (?<reason>.+?)) -->\n)?```(console|sh)\n(?<text>.*?)^```",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Block();

    [GeneratedRegex(@"\w+Tests\b", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();

    [GeneratedRegex(@"\\\n\s*", RegexOptions.ExplicitCapture)]
    private static partial Regex Continued();

    [GeneratedRegex(
        @"(?<=^|[|;&(] ?)(\./)?websub(?<arguments>( +('[^']*'|""[^""]*""|[^\s|;&()>#'""][^\s|;&()>'""]*)+)*)",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Websub();

    [GeneratedRegex(@"('[^']*'|""[^""]*""|[^\s'""])+", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();

    [GeneratedRegex(@"'(?<text>[^']*)'|""(?<text>[^""]*)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Quote();
}
