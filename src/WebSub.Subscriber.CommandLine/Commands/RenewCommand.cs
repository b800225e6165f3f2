using System.CommandLine;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub renew ID…|--all</c>: asks hubs again now.</summary>
internal static class RenewCommand
{
    public static Command Create(CommandContext context)
    {
        var ids = SharedOptions.Ids(ArgumentArity.ZeroOrMore);
        var all = new Option<bool>("--all") { Description = "All that are active or expired" };
        var within = new Option<long?>("--within")
        {
            Description = "With --all: only those whose lease ends within this time",
            HelpName = "SECONDS",
        };
        var follow = new FollowUp(context);
        var command = new Command("renew", "Ask hubs again now, whatever the state of a subscription") { ids, all, within };
        follow.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(ids) is { Length: > 0 })
                result.AddError("Name subscriptions, or give --all.");
            if (result.GetValue(within) is not null && !result.GetValue(all))
                result.AddError("--within goes with --all.");
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                if (parsed.GetValue(all))
                {
                    TimeSpan? horizon = parsed.GetValue(within) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
                    var renewed = await context.Manager.RenewAllAsync(horizon, cancellationToken);
                    if (renewed.Count == 0)
                        context.Console.Note("there is nothing to renew.");
                    return await follow.ShowAsync(parsed, [.. renewed.Select(s => s.Id)], "renewed", cancellationToken);
                }

                var chosen = await context.Manager.FindAsync(parsed.GetValue(ids)!, cancellationToken);
                foreach (var one in chosen)
                    await context.Subscriptions.RenewAsync(one.Id, cancellationToken);
                return await follow.ShowAsync(parsed, [.. chosen.Select(s => s.Id)], "renewed", cancellationToken);
            }
        );
        return command;
    }
}
