using System.CommandLine;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub reset-counters [ID…]</c>: failed attempts no longer count, and what was given up is asked for again.</summary>
internal static class ResetCountersCommand
{
    public static Command Create(CommandContext context)
    {
        var ids = SharedOptions.Ids(ArgumentArity.ZeroOrMore);
        var follow = new FollowUp(context);
        var command = new Command("reset-counters", "Forget failed attempts, and ask again for what was given up") { ids };
        follow.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var chosen = parsed.GetValue(ids) is { Length: > 0 } typed
                    ? await context.Manager.FindAsync(typed, cancellationToken)
                    : null;
                var reset = await context.Manager.ResetCountersAsync(chosen, cancellationToken);
                if (reset.Count == 0)
                    context.Console.Note("all counters are at zero.");
                return await follow.ShowAsync(parsed, [.. reset.Select(s => s.Id)], "reset", cancellationToken);
            }
        );
        return command;
    }
}
