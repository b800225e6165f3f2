using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WebSub.Storage;
using WebSub.Subscriber.CommandLine.Commands;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Managing;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;
using WebSub.Subscriber.Tunnels;

namespace WebSub.Subscriber.CommandLine;

/// <summary>Runs a command, and how each one ends: an exit code, and one clear sentence when something is wrong.</summary>
internal static class CommandRunner
{
    // "@file" is taken literally: a topic may begin with @.
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON object a line, also on a terminal",
        Recursive = true,
    };

    public static async Task<int> RunAsync(IServiceProvider services, IReadOnlyList<string> args, CommandConsole console)
    {
        var parsed = Create(new(services, console)).Parse(args, Parser);
        if (parsed.Action is ParseErrorAction)
        {
            console.Complain($"{Error(parsed)} See {PathOf(parsed.CommandResult)} --help.");
            return ExitCode.BadUsage;
        }

        if (parsed.GetValue(Json))
            console.IsJson = true;
        return await RunAsync(services, parsed, console);
    }

    private static async Task<int> RunAsync(IServiceProvider services, ParseResult parsed, CommandConsole console)
    {
        try
        {
            // Help needs neither an app that is set up nor its database.
            if (parsed.Action is not (HelpAction or null))
                await EnterAsync(services);
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LongestEnd }
            );
        }
        catch (OptionsValidationException e)
        {
            console.Complain(string.Join(" ", e.Failures));
        }
        catch (Exception e)
            when (e
                    is ManagementException
                        or NoPublicUrlException
                        or DatabaseException
                        or ArgumentException
                        or KeyNotFoundException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            console.Complain(
                e is ArgumentException { ParamName: { } name }
                    ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
                    : e.Message
            );
        }
        catch (DbException e)
        {
            console.Complain($"The database {services.GetRequiredService<SubscriberDatabase>().Description} does not answer: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            console.Complain("stopped.");
        }
#pragma warning disable CA1031 // The user gets a sentence that names the exception, so that it can be reported.
        catch (Exception e)
#pragma warning restore CA1031
        {
            console.Complain($"unexpected failure ({e.GetType().Name}): {e.Message}");
        }

        return ExitCode.Failed;
    }

    private static async Task EnterAsync(IServiceProvider services)
    {
        if (services.GetService<SubscriberDatabase>() is not { } database)
            throw new ManagementException("This app has no subscriber: call builder.Services.AddWebSubSubscriber() before it is built.");
        services.GetRequiredService<QuietLogs>().Silence();
        database.IsGuest = true;
        await services.GetRequiredService<PublicUrlFinder>().FindAsync(CancellationToken.None);
    }

    private static Command Create(CommandContext context) =>
        new("websub", "Manages the WebSub subscriptions of this app, beside the running app if there is one.")
        {
            // 80 columns, wherever the help goes.
            new HelpOption { Action = new HelpAction { MaxWidth = 80 } },
            Json,
            ListCommand.Create(context),
            ShowCommand.Create(context),
            HubsCommand.Create(context),
            SubscribeCommand.Create(context),
            UnsubscribeCommand.Create(context),
            RenewCommand.Create(context),
            RetryCommand.Create(context),
            SyncCommand.Create(context),
            ResetCountersCommand.Create(context),
            FixUrlsCommand.Create(context),
            PurgeCommand.Create(context),
            InboxCommand.Create(context),
            ExportCommand.Create(context),
            ImportCommand.Create(context),
        };

    // Of several errors, one about a word that was typed helps most.
    private static string Error(ParseResult parsed) =>
        (
            parsed.Errors.FirstOrDefault(e =>
                e.Message.Contains('\'', StringComparison.Ordinal) || e.Message.Contains('"', StringComparison.Ordinal)
            ) ?? parsed.Errors[0]
        ).Message;

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "websub";
}
