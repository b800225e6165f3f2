using System.CommandLine;
using WebSub.Cli.Completion;
using WebSub.Cli.Help;

namespace WebSub.Cli.Commands;

/// <summary><c>websub completion SHELL</c>: the script that lets a shell complete commands, options and settings.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<Shell>("SHELL")
        {
            Description = "bash, zsh, fish or pwsh (PowerShell)",
            HelpName = "SHELL",
            CustomParser = result =>
            {
                var name = result.Tokens[^1].Value;
                if (Shell.Find(name) is { } found)
                    return found;
                result.AddError(SharedOptions.NoneOf([.. Shell.All.Select(s => s.Name)], "SHELL", name));
                return null;
            },
        };
        shell.CompletionSources.Add([.. Shell.All.Select(s => s.Name)]);
        var command = new ToolCommand("completion", "Print the script that makes Tab complete commands, options and settings") { shell };
        foreach (var known in Shell.All)
            command.Add(new Example($"In {known.Name}, for good", known.Install));
        command.SetAction(parsed =>
        {
            Console.Out.Write(parsed.GetRequiredValue(shell).Script);
            return ExitCode.Done;
        });
        return command;
    }
}
