using System.CommandLine;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub retry [ID…]</c>: sends what has failed again now.</summary>
internal static class RetryCommand
{
    public static Command Create(CommandContext context)
    {
        var ids = SharedOptions.Ids(ArgumentArity.ZeroOrMore);
        var follow = new FollowUp(context);
        var command = new Command("retry", "Send requests that have failed again now; without an ID, all that have attempts left") { ids };
        follow.AddTo(command);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var chosen = parsed.GetValue(ids) is { Length: > 0 } typed
                    ? await context.Manager.FindAsync(typed, cancellationToken)
                    : null;
                var retried = await context.Manager.RetryAsync(chosen, cancellationToken);
                if (retried.Count == 0)
                    context.Console.Note("no request waits to be sent again.");
                if (
                    chosen is null
                    && (await context.Manager.AllAsync(cancellationToken)).Count(OperatorTransitions.IsUsedUp) is > 0 and var n
                )
                    context.Console.Note($"{n} have used up their attempts; websub reset-counters asks for them again.");
                return await follow.ShowAsync(parsed, [.. retried.Select(s => s.Id)], "retried", cancellationToken);
            }
        );
        return command;
    }
}
