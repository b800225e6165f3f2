using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub hubs</c>: the hubs of the active subscriptions, the silent ones first.</summary>
internal static class HubsCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new Command("hubs", "Show the hubs and whether they deliver, the silent ones first");
        command.SetAction(
            async (_, cancellationToken) =>
            {
                var hubs = await context.Subscriptions.ListHubsAsync(cancellationToken);
                context.Console.Write(HubView.Headings, hubs, HubView.Cells, HubView.Json);
                if (hubs.Count == 0)
                    context.Console.Note("no active subscriptions.");
                return ExitCode.Done;
            }
        );
        return command;
    }
}
