using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using WebSub.Cli.Commands;

namespace WebSub.Cli;

/// <summary>The root command, and how every command ends: an exit code, and one clear sentence when something is wrong.</summary>
internal static class CommandLine
{
    // "@file" is taken literally: a topic or a secret may begin with @.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    // These handle Ctrl-C themselves and shut down in good order; the others are stopped by it.
    private static readonly string[] LongRunning = [ListenCommand.Name, HubCommand.Name];
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var parsed = Create().Parse(args, Parser);
        if (parsed.Action is ParseErrorAction)
            return Refuse(parsed);

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = LongRunning.Contains(parsed.CommandResult.Command.Name, StringComparer.Ordinal)
                        ? null
                        : LongestEnd,
                }
            );
        }
        catch (OperationCanceledException)
        {
            return Fail("stopped.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message);
        }
#pragma warning disable CA1031 // The user gets a sentence that names the exception, so that it can be reported.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail($"unexpected failure ({e.GetType().Name}): {e.Message}");
        }
    }

    // Not a RootCommand: that takes its name from the assembly, which cannot be "websub" because the library is called WebSub.
    private static Command Create() =>
        new("websub", "WebSub (W3C Recommendation) from the shell: discover, listen, publish, run a hub.")
        {
            // 80 columns, wherever the help goes.
            new HelpOption { Action = new HelpAction { MaxWidth = 80 } },
            new VersionOption(),
            SharedOptions.Json,
            DiscoverCommand.Create(),
            ListenCommand.Create(),
            PublishCommand.Create(),
            HubCommand.Create(),
            SignCommand.Create(),
            VerifyCommand.Create(),
        };

    private static int Refuse(ParseResult parsed)
    {
        var command = CommandPath(parsed.CommandResult);
        // Of several errors, one about a word that was typed helps most.
        var error =
            parsed.Errors.FirstOrDefault(e =>
                e.Message.Contains('\'', StringComparison.Ordinal) || e.Message.Contains('"', StringComparison.Ordinal)
            ) ?? parsed.Errors[0];
        Report.Complain($"{error.Message.ReplaceLineEndings(" ")} See {command} --help.");
        return ExitCode.BadUsage;
    }

    private static int Fail(string message)
    {
        Report.Complain(message);
        return ExitCode.Failed;
    }

    private static string CommandPath(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{CommandPath(parent)} {result.Command.Name}" : "websub";
}
