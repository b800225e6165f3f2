using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub inbox drop ID…|--parked</c>: deletes notifications; shows first which.</summary>
internal static class InboxDropCommand
{
    public static Command Create(CommandContext context)
    {
        var selection = new InboxSelection(context);
        var yes = SharedOptions.Yes();
        var command = new Command("drop", "Delete notifications") { yes };
        selection.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var chosen = await selection.FindAsync(parsed, cancellationToken);
                if (chosen.Count == 0)
                {
                    context.Console.Note("there is nothing to delete.");
                    return ExitCode.Done;
                }

                context.Console.Write(InboxView.Headings, chosen, InboxView.Cells, i => InboxView.Json(i, "toDelete"));
                var question =
                    chosen.Count == 1 ? "Delete it? No handler will see it." : $"Delete these {chosen.Count}? No handler will see them.";
                if (!parsed.GetValue(yes) && !context.Console.Ask(question))
                {
                    context.Console.Complain("nothing was deleted; -y does it without asking.");
                    return ExitCode.Failed;
                }

                var dropped = await context.Get<InboxManager>().DropAsync([.. chosen.Select(i => i.Id)], cancellationToken);
                await context.Running.TellAsync(cancellationToken);
                context.Console.Write($"Deleted {dropped}.", new { Action = "deleted", Count = dropped });
                return ExitCode.Done;
            }
        );
        return command;
    }
}
