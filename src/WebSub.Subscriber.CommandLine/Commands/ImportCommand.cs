using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub import FILE</c>: adds the subscriptions of an export, or of websubsub's <c>dumpdata</c>.</summary>
internal static class ImportCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A file of websub export or of dumpdata websubsub; - is stdin" };
        var renames = SharedOptions.Renames("The name of a handler or Django callback in the file, and its handler here; any number");
        var command = new Command("import", "Add the subscriptions of websub export, or of websubsub's dumpdata") { file, renames };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var name = parsed.GetRequiredValue(file);
                if (name != "-" && !File.Exists(name))
                    throw new ManagementException($"There is no file {name}; name one of websub export or of dumpdata websubsub.");
                var text =
                    name == "-" ? await context.Console.ReadAsync(cancellationToken) : await File.ReadAllTextAsync(name, cancellationToken);
                var results = await context
                    .Get<SubscriptionTransfer>()
                    .ImportAsync(
                        name == "-" ? "stdin" : name,
                        text,
                        SharedOptions.ReadRenames(parsed.GetValue(renames)!),
                        cancellationToken
                    );
                await context.Running.TellAsync(cancellationToken);
                context.Console.Write(
                    ["Done", .. SubscriptionView.Headings],
                    results,
                    r => SubscriptionView.Cells(context.Manager.View(r.Subscription)).Prepend(r.IsAdded ? "Added" : "There already"),
                    r => SubscriptionView.Json(context.Manager.View(r.Subscription), r.IsAdded ? "added" : "skipped")
                );
                if (results.Count == 0)
                    context.Console.Note("the file has no subscriptions.");
                return ExitCode.Done;
            }
        );
        return command;
    }
}
