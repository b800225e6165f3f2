using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using WebSub.Cli.Help;

namespace WebSub.Cli.Completion;

/// <summary>
/// What a shell asks while somebody types: <c>websub "[suggest:POSITION]" "LINE"</c>, as <c>dotnet-suggest</c> asks it. The directive
/// belongs to System.CommandLine's RootCommand, which this tool cannot use, since that takes its name from the assembly.
/// <c>[describe:…]</c> adds to each word a tab and what it means.
/// </summary>
internal static partial class Suggestions
{
    /// <summary>The words that fit, if that is what was asked; otherwise null.</summary>
    public static IEnumerable<string>? Answer(IReadOnlyList<string> args, Command root)
    {
        if (args.Count == 0 || Directive().Match(args[0]) is not { Success: true } asked)
            return null;
        var line = args.Count > 1 ? args[1] : "";
        var position = asked.Groups["position"] is { Success: true, Value: var digits }
            ? Math.Min(int.Parse(digits, CultureInfo.InvariantCulture), line.Length)
            : line.Length;
        var describes = asked.Groups["name"].Value == "describe";
        return Find(line[..position], root).Select(i => describes && i.Detail is { Length: > 0 } detail ? $"{i.Label}\t{detail}" : i.Label);
    }

    private static IEnumerable<CompletionItem> Find(string typed, Command root)
    {
        // The first word is how the tool was called: websub, ./websub, a path.
        var rest = typed.TrimStart();
        var end = rest.IndexOf(' ', StringComparison.Ordinal);
        var line = CommandLine.Name + (end < 0 ? " " : rest[end..]);
        var current = char.IsWhiteSpace(line[^1]) ? "" : CommandLineParser.SplitCommandLine(line).Last();
        var parsed = root.Parse(line, CommandLine.Parser);
        var found = parsed
            .GetCompletions(line.Length)
            .Concat(SettingsOf(parsed, current))
            .Where(i => i.Label.StartsWith(current, StringComparison.OrdinalIgnoreCase) && i.Label is not ("-?" or "/?" or "/h"))
            .DistinctBy(i => i.Label)
            .ToList();
        // Options are many: they are shown where nothing else fits, or once a hyphen is typed.
        var words = found.FindAll(i => !i.Label.StartsWith('-'));
        return current.Length == 0 && words.Count > 0 ? words : found;
    }

    /// <summary>Settings, once it is clear that one of them is meant.</summary>
    private static IEnumerable<CompletionItem> SettingsOf(ParseResult parsed, string current) =>
        parsed.CommandResult.Command is ToolCommand tool && current.Length > 2 && current.StartsWith("--", StringComparison.Ordinal)
            ? tool.Settings.Select(s => new CompletionItem($"--{s}"))
            : [];

    [GeneratedRegex(@"^\[(?<name>suggest|describe)(:(?<position>\d{1,9}))?\]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Directive();
}
