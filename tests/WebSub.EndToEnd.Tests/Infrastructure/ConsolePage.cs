namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// What a page shows of a terminal: its console blocks, each with the commands in it. Where a block has lines that begin with <c>$</c>, the
/// others are output; otherwise each line is a command. A backslash at the end continues a command.
/// </summary>
internal static class ConsolePage
{
    private const string Prompt = "$ ";

    /// <summary>The blocks of a page, which is named by its path from the root.</summary>
    public static List<List<ConsoleStep>> Read(string page)
    {
        var blocks = new List<List<ConsoleStep>>();
        List<string>? lines = null;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, page)))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                lines?.Add(line);
            }
            else if (lines is not null)
            {
                blocks.Add(Steps(lines));
                lines = null;
            }
            else if (line == "```console")
            {
                lines = [];
            }
        }

        return blocks;
    }

    private static List<ConsoleStep> Steps(List<string> lines)
    {
        var hasPrompt = lines.Exists(l => l.StartsWith(Prompt, StringComparison.Ordinal));
        var steps = new List<(string Command, List<string> Output)>();
        foreach (var line in lines)
        {
            if (steps is [.., var last] && last.Command.EndsWith('\\'))
                steps[^1] = ($"{last.Command[..^1]}{line.TrimStart()}", last.Output);
            else if (!hasPrompt)
                steps.Add((line, []));
            else if (line.StartsWith(Prompt, StringComparison.Ordinal))
                steps.Add((line[Prompt.Length..], []));
            else
                steps[^1].Output.Add(line);
        }

        return [.. steps.Select(s => new ConsoleStep(s.Command, s.Output))];
    }
}
