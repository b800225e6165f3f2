using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub list</c>: the subscriptions.</summary>
internal static class ListCommand
{
    public static Command Create(CommandContext context)
    {
        var handler = new Option<string?>("--handler") { Description = "Only those of this handler", HelpName = "NAME" };
        var state = SharedOptions.State<WebSubSubscriptionState>("Only those in this state");
        var command = new Command("list", "Show the subscriptions") { handler, state };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var found = new List<WebSubSubscription>();
                var filter = new WebSubSubscriptionFilter { Handler = parsed.GetValue(handler), State = parsed.GetValue(state) };
                await foreach (var one in context.Subscriptions.ListAsync(filter, cancellationToken))
                    found.Add(one);
                context.Console.Write(SubscriptionView.Headings, found, SubscriptionView.Cells, s => SubscriptionView.Json(s));
                if (found.Count == 0)
                    context.Console.Note("no subscriptions.");
                return ExitCode.Done;
            }
        );
        return command;
    }
}
