using System.CommandLine;
using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using WebSub.Cli.Help;
using WebSub.Cli.Listening;

namespace WebSub.Cli.Reference;

/// <summary>
/// Parts of docs/reference/cli.md, made from the commands: <c>websub "[reference:commands]"</c>. A test compares them with the page.
/// </summary>
internal static class CliReference
{
    /// <summary>The part, in Markdown, if one was asked for; otherwise null.</summary>
    public static IEnumerable<string>? Answer(IReadOnlyList<string> args, Command root) =>
        args switch
        {
            ["[reference:commands]"] => Commands(root, root.Name, root.Options),
            ["[reference:variables]"] => Table("Variable", Variables.Read),
            ["[reference:exec]"] => Table("Variable", Variables.SetForExec),
            ["[reference:check]"] => Table("Variable", Variables.SetForCheck),
            ["[reference:events]"] => Table("Event", EventName.All),
            ["[reference:fields]"] => Table("Property", Fields()),
            _ => null,
        };

    private static IEnumerable<string> Commands(Command command, string path, IEnumerable<Option> inherited)
    {
        var page = new HelpPage(command, path, inherited);
        var isRoot = command.Name == path;
        yield return $"## {(isRoot ? "Every command" : path)}";
        yield return "";
        yield return $"{page.Description}.".Replace("..", ".", StringComparison.Ordinal);
        yield return "";
        yield return "```";
        yield return page.Usage;
        yield return "```";
        yield return "";
        var rows = page.Arguments.Concat(isRoot ? page.Options : page.Options.Where(o => !IsShared(o, inherited))).ToList();
        if (rows.Count > 0)
        {
            foreach (var line in Table(page.Arguments.Count > 0 ? "Argument or option" : "Option", rows.Select(r => (r.Label, r.Meaning))))
                yield return line;
            yield return "";
        }

        if (page.Remarks is { } remarks && !isRoot)
        {
            yield return remarks;
            yield return "";
        }

        if (page.Examples.Count > 0)
        {
            yield return "<!-- not run: addresses are made up; ConsoleTests parse each line, and each command has tests of its own -->";
            yield return "```console";
            foreach (var example in page.Examples)
                yield return $"$ {example.Line}    # {example.Does}";
            yield return "```";
            yield return "";
        }

        foreach (var line in command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Commands(c, $"{path} {c.Name}", inherited)))
            yield return line;
    }

    private static bool IsShared(HelpRow row, IEnumerable<Option> inherited) =>
        inherited.Any(o => o.Recursive && row.Label.Split(", ").Contains(o.Name, StringComparer.Ordinal));

    private static IEnumerable<(string, string)> Fields() =>
        typeof(ListenEvent)
            .GetProperties()
            .Select(p => (JsonNamingPolicy.CamelCase.ConvertName(p.Name), p.GetCustomAttribute<DescriptionAttribute>()!.Description));

    private static IEnumerable<string> Table(string heading, IEnumerable<(string Name, string Meaning)> rows) =>
        [$"| {heading} | |", "|---|---|", .. rows.Select(r => $"| `{Escape(r.Name)}` | {Escape(r.Meaning)} |")];

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
