using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub export [FILE]</c>: all subscriptions as JSON.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A new file, for its owner only; default: stdout",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("export", "Write all subscriptions as JSON, with secrets and callbacks, for websub import") { file };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var (text, count) = await context.Get<SubscriptionTransfer>().ExportAsync(cancellationToken);
                if (parsed.GetValue(file) is not { } path)
                {
                    context.Console.WriteRaw(text);
                    return ExitCode.Done;
                }

                await WriteAsync(path, text, cancellationToken);
                context.Console.Write(
                    $"Wrote {count} to {path}.",
                    new
                    {
                        Action = "exported",
                        Count = count,
                        File = path,
                    }
                );
                context.Console.Note($"{path} has secrets: whoever has it can send to these subscriptions.");
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
            throw new ManagementException($"{path} exists already; name a new file.");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(path, options);
        await writer.WriteLineAsync(text.AsMemory(), cancellationToken);
    }
}
