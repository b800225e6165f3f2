using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using WebSub.Cli.Commands;
using WebSub.Cli.Completion;
using WebSub.Cli.Help;
using WebSub.Cli.Reference;
using WebSub.Cli.Terminal;

namespace WebSub.Cli;

/// <summary>The root command, and how every command ends: an exit code, and one clear sentence when something is wrong.</summary>
internal static class CommandLine
{
    public const string Name = "websub";

    /// <summary>"@file" is taken literally: a topic or a secret may begin with @.</summary>
    public static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    // These handle Ctrl-C themselves and shut down in good order; the others are stopped by it.
    private static readonly string[] LongRunning = [PathOf(ListenCommand.Name), PathOf(HubCommand.Name)];
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var root = Create();
        if ((Suggestions.Answer(args, root) ?? CliReference.Answer(args, root)) is { } answer)
        {
            foreach (var line in answer)
                Console.Out.WriteLine(line);
            return ExitCode.Done;
        }

        var parsed = root.Parse(args, Parser);
        if (parsed.Action is ParseErrorAction)
            return Refuse(parsed);

        var isVerbose = parsed.GetValue(SharedOptions.Verbose);
        using var requests = isVerbose && PathOf(parsed.CommandResult) != PathOf(HubCommand.Name) ? RequestLog.Start() : null;
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = LongRunning.Contains(PathOf(parsed.CommandResult), StringComparer.Ordinal)
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
            if (isVerbose)
                Report.Detail($"{e}");
            return Fail($"unexpected failure ({e.GetType().Name}): {e.Message}{(isVerbose ? "" : " More with --verbose.")}");
        }
    }

    /// <summary>What is wrong with arguments, in a sentence; null if nothing is.</summary>
    public static string? Fault(IReadOnlyList<string> args)
    {
        var parsed = Create().Parse(args, Parser);
        return parsed.Action is ParseErrorAction ? Mistake.Of(parsed) : null;
    }

    /// <summary>What is typed to get to a command, for example <c>websub listen</c>.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : Name;

    private static string PathOf(string command) => $"{Name} {command}";

    // Not a RootCommand: that takes its name from the assembly, which cannot be "websub" because the library is called WebSub.
    private static ToolCommand Create()
    {
        var help = new HelpOption { Description = "Show this help", Action = new ShowHelp(wasAsked: true) };
        var root = new ToolCommand(Name, "WebSub (W3C Recommendation) from the shell: discover, listen, publish, run a hub.")
        {
            help,
            new VersionOption { Description = "Show the version" },
            SharedOptions.Json,
            SharedOptions.Verbose,
            DiscoverCommand.Create(),
            ListenCommand.Create(),
            PublishCommand.Create(),
            HubCommand.Create(),
            SignCommand.Create(),
            VerifyCommand.Create(),
            TopicsCommand.Create(),
            SubscribersCommand.Create(),
            DeadLettersCommand.Create(),
            ReplayCommand.Create(),
            ExplainCommand.Create(),
            CheckCommand.Create(),
            KeysCommand.Create(),
            CompletionCommand.Create(),
            new Example("What hub and topic a page has", "websub discover https://blog.example/"),
            new Example("Push on one machine. In one terminal, a hub", "websub hub --allow-private"),
            new Example("In another, a subscriber", "websub listen http://localhost/news --hub http://localhost:5080/hub"),
            new Example(
                "In a third, an update",
                "echo hello | websub publish http://localhost/news --hub http://localhost:5080/hub --content - --type text/plain"
            ),
        };
        root.Remarks = "websub <command> --help says more about a command, with examples. Exit codes: 0 done, 1 failed, 2 bad usage.";
        // Alone it helps.
        root.Action = new ShowHelp(wasAsked: false);
        return root;
    }

    private static int Refuse(ParseResult parsed)
    {
        Report.Complain($"{Mistake.Of(parsed)} See {PathOf(parsed.CommandResult)} --help.");
        return ExitCode.BadUsage;
    }

    private static int Fail(string message)
    {
        Report.Complain(message);
        return ExitCode.Failed;
    }
}
