using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using WebSub.Cli.Terminal;

namespace WebSub.Cli.Help;

/// <summary>Prints a command's help.</summary>
/// <param name="wasAsked">True if it was asked for by an option: then it does not matter what else is wrong.</param>
internal sealed class ShowHelp(bool wasAsked) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => wasAsked;

    public override int Invoke(ParseResult parseResult)
    {
        var page = new HelpPage(
            parseResult.CommandResult.Command,
            CommandLine.PathOf(parseResult.CommandResult),
            parseResult.RootCommandResult.Command.Options
        );
        foreach (var line in HelpText.Lines(page, Screen.HelpWidth))
            Console.Out.WriteLine(line);
        return ExitCode.Done;
    }
}
