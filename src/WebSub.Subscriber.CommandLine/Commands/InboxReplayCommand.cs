using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub inbox replay ID…|--parked</c>: hands notifications to their handler again.</summary>
internal static class InboxReplayCommand
{
    public static Command Create(CommandContext context)
    {
        var selection = new InboxSelection(context);
        var command = new Command("replay", "Hand notifications to their handler again");
        selection.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var chosen = await selection.FindAsync(parsed, cancellationToken);
                var replayed = (await context.Get<InboxManager>().ReplayAsync(chosen.Select(i => i.Id), cancellationToken)).ToHashSet();
                await context.Running.TellAsync(cancellationToken);
                foreach (var waiting in chosen.Where(i => !replayed.Contains(i.Id)))
                    context.Console.Note($"{waiting.Id} is waiting for its handler already.");
                context.Console.Write($"Replaying {replayed.Count}.", new { Action = "replayed", Ids = replayed.Order() });
                return ExitCode.Done;
            }
        );
        return command;
    }
}
