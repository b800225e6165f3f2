using System.CommandLine;

namespace WebSub.Cli.Help;

/// <summary>What there is to say about a command: for the terminal, and for the reference page.</summary>
internal sealed class HelpPage
{
    /// <param name="command">The command.</param>
    /// <param name="path">What is typed to get there, for example <c>websub listen</c>.</param>
    /// <param name="inherited">Options that every command has.</param>
    public HelpPage(Command command, string path, IEnumerable<Option> inherited)
    {
        Path = path;
        Description = command.Description ?? "";
        Commands =
        [
            .. command.Subcommands.Where(c => !c.Hidden).Select(c => new HelpRow($"{c.Name}{Labels(c.Arguments)}", c.Description ?? "")),
        ];
        Arguments = [.. command.Arguments.Where(a => !a.Hidden).Select(a => new HelpRow(Label(a), a.Description ?? ""))];
        Options =
        [
            .. command
                .Options.Where(o => !o.Recursive)
                .Concat(inherited.Where(o => o.Recursive))
                .Where(o => !o.Hidden)
                .Select(o => new HelpRow(Label(o), Describe(o))),
        ];
        var tool = command as ToolCommand;
        var (sub, rest) = (
            Commands.Count == 0 ? ""
            : command.Action is ShowHelp ? " <command>"
            : " [<command>]",
            tool?.Rest is { } more ? $" {more}" : ""
        );
        Usage = $"{path}{sub}{Labels(command.Arguments)} [options]{rest}";
        Remarks = tool?.Remarks;
        Examples = tool?.Examples ?? [];
    }

    public string Path { get; }

    public string Description { get; }

    public string Usage { get; }

    public IReadOnlyList<HelpRow> Commands { get; }

    public IReadOnlyList<HelpRow> Arguments { get; }

    public IReadOnlyList<HelpRow> Options { get; }

    public string? Remarks { get; }

    public IReadOnlyList<Example> Examples { get; }

    private static string Labels(IEnumerable<Argument> arguments) =>
        string.Concat(arguments.Where(a => !a.Hidden).Select(a => $" {Label(a)}"));

    private static string Label(Argument argument)
    {
        var name = $"<{argument.HelpName ?? argument.Name}>";
        var label = argument.Arity.MaximumNumberOfValues > 1 ? $"{name}…" : name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{label}]" : label;
    }

    private static string Label(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => a[0] == '-' && a != "-?").Append(option.Name).OrderBy(n => n.Length));
        return option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool)
            ? names
            : $"{names} <{option.HelpName ?? option.Name.TrimStart('-')}>";
    }

    private static string Describe(Option option) => option.Description + (option.Required ? " (required)" : "");
}
