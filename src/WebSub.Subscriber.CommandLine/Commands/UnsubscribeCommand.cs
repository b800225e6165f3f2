using System.CommandLine;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub unsubscribe ID…</c>: ends subscriptions at their hubs.</summary>
internal static class UnsubscribeCommand
{
    public static Command Create(CommandContext context)
    {
        var ids = SharedOptions.Ids(ArgumentArity.OneOrMore);
        var follow = new FollowUp(context);
        var command = new Command("unsubscribe", "End subscriptions at their hubs; websub purge forgets them") { ids };
        follow.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var chosen = await context.Manager.FindAsync(parsed.GetRequiredValue(ids), cancellationToken);
                foreach (var one in chosen)
                    await context.Subscriptions.UnsubscribeAsync(one.Id, cancellationToken);
                return await follow.ShowAsync(parsed, [.. chosen.Select(s => s.Id)], "unsubscribed", cancellationToken);
            }
        );
        return command;
    }
}
