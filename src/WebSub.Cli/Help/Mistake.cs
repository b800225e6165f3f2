using System.CommandLine;
using System.CommandLine.Parsing;
using WebSub.Settings;

namespace WebSub.Cli.Help;

/// <summary>Says in one sentence what is wrong with a command line, and what was probably meant.</summary>
internal static class Mistake
{
    /// <summary>Of several errors, one about a word that was typed helps most.</summary>
    public static string Of(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is [var word, ..] && parsed.CommandResult.Command.TreatUnmatchedTokensAsErrors)
            return $"Unrecognized command or argument '{word}'{Hint(Suggestion(word, parsed.CommandResult))}";
        var wrong = parsed.Errors.Where(e => !SaysThatSomethingIsMissing(e)).ToList();
        if (wrong.Count == 0)
            return Missing(parsed);
        var error =
            wrong.Find(e => e.Message.Contains('\'', StringComparison.Ordinal) || e.Message.Contains('"', StringComparison.Ordinal))
            ?? wrong[0];
        return error.Message.ReplaceLineEndings(" ");
    }

    /// <summary>The end of a sentence about an unknown word.</summary>
    public static string Hint(string? meant) => meant is null ? "." : $"; did you mean {meant}?";

    /// <summary>The option with the name most like that typed, which may have a value behind a sign of equality.</summary>
    public static string? NearestOption(string typed, IEnumerable<string> names) =>
        NearestName.Find(
            typed.TrimStart('-').Split('=')[0],
            names.Where(n => n.StartsWith("--", StringComparison.Ordinal)).Select(n => n[2..])
        )
            is { } name
            ? $"--{name}"
            : null;

    /// <summary>All options of a command, its own and those of every command.</summary>
    public static IEnumerable<string> OptionsOf(CommandResult result)
    {
        for (var at = result; at is not null; at = at.Parent as CommandResult)
        {
            foreach (var option in at.Command.Options.Where(o => !o.Hidden && (at == result || o.Recursive)))
                yield return option.Name;
        }
    }

    /// <summary>What the library says of it names no next step.</summary>
    private static bool SaysThatSomethingIsMissing(ParseError error) =>
        error.Message.StartsWith("Required ", StringComparison.Ordinal)
        || error.Message.EndsWith(" is required.", StringComparison.Ordinal);

    private static string Missing(ParseResult parsed)
    {
        var result = parsed.CommandResult;
        var name = CommandLine.PathOf(result)[(CommandLine.Name.Length + 1)..];
        if (
            parsed.Errors.Select(e => e.SymbolResult).OfType<OptionResult>().FirstOrDefault(o => !o.Implicit && o.Tokens.Count == 0) is
            { } bare
        )
            return $"{bare.Option.Name} needs a value: {Typed(bare.Option)}.";
        if (result.Command.Action is null or ShowHelp && result.Command.Subcommands.Count > 0)
            return $"{name} needs one of {string.Join(", ", result.Command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}.";
        var missing = result
            .Command.Arguments.Where(a => a.Arity.MinimumNumberOfValues > 0 && result.GetResult(a) is not { Tokens.Count: > 0 })
            .Select(a => $"<{a.HelpName ?? a.Name}>")
            .Concat(result.Command.Options.Where(o => o.Required && result.GetResult(o) is not { Implicit: false }).Select(Typed));
        var example = result.Command is ToolCommand { Examples: [var first, ..] } ? $", for example \"{first.Line}\"" : "";
        return $"{name} needs {string.Join(" and ", missing)}{example}.";
    }

    private static string Typed(Option option) => $"{option.Name} <{option.HelpName ?? option.Name.TrimStart('-')}>";

    private static string? Suggestion(string word, CommandResult result)
    {
        if (word.StartsWith('-'))
            return NearestOption(word, OptionsOf(result));
        var commands = result.Command.Subcommands.Where(c => !c.Hidden).ToList();
        return commands.Find(c => c is ToolCommand tool && tool.OtherWords.Contains(word, StringComparer.OrdinalIgnoreCase))?.Name
            ?? NearestName.Find(word, commands.Select(c => c.Name));
    }
}
