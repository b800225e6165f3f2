using System.CommandLine;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub inbox</c>: stored notifications.</summary>
internal static class InboxCommand
{
    public static Command Create(CommandContext context) =>
        new("inbox", "Stored notifications: list, show, replay, drop")
        {
            InboxListCommand.Create(context),
            InboxShowCommand.Create(context),
            InboxReplayCommand.Create(context),
            InboxDropCommand.Create(context),
        };
}
