using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub inbox list</c>: stored notifications, oldest first.</summary>
internal static class InboxListCommand
{
    public static Command Create(CommandContext context)
    {
        var subscription = new Option<string?>("--subscription") { Description = "Only those of this subscription", HelpName = "ID" };
        var state = SharedOptions.State<WebSubInboxState>("Only those in this state");
        var command = new Command("list", "Show stored notifications, oldest first") { subscription, state };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var filter = new WebSubInboxFilter
                {
                    State = parsed.GetValue(state),
                    Subscription = parsed.GetValue(subscription) is { } typed
                        ? (await context.Manager.FindAsync([typed], cancellationToken))[0].Id
                        : null,
                };
                var found = new List<WebSubInboxItem>();
                await foreach (var item in context.Inbox.ListAsync(filter, cancellationToken))
                    found.Add(item);
                context.Console.Write(InboxView.Headings, found, InboxView.Cells, i => InboxView.Json(i));
                if (found.Count == 0)
                    context.Console.Note("no notifications.");
                return ExitCode.Done;
            }
        );
        return command;
    }
}
