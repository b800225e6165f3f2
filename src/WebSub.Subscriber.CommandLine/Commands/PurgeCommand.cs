using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Managing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub purge</c>: forgets subscriptions with their notifications; shows first which.</summary>
internal static class PurgeCommand
{
    public static Command Create(CommandContext context)
    {
        var unresolvable = new Option<bool>("--unresolvable") { Description = "Those whose handler no longer exists" };
        var orphans = new Option<bool>("--orphans") { Description = "Those that are no longer declared" };
        var ended = new Option<bool>("--ended") { Description = "Those that have ended, were denied or have failed, unless declared" };
        var all = new Option<bool>("--all") { Description = "Every one" };
        var unsubscribe = new Option<bool>("--unsubscribe") { Description = "Have the running app end them at their hubs first" };
        var timeout = SharedOptions.Timeout();
        var yes = SharedOptions.Yes();
        var command = new Command("purge", "Forget subscriptions with their stored notifications")
        {
            unresolvable,
            orphans,
            ended,
            all,
            unsubscribe,
            timeout,
            yes,
        };
        PurgeChoice Choice(Func<Option<bool>, bool> isGiven) =>
            (isGiven(unresolvable) ? PurgeChoice.Unresolvable : PurgeChoice.None)
            | (isGiven(orphans) ? PurgeChoice.Orphans : PurgeChoice.None)
            | (isGiven(ended) ? PurgeChoice.Ended : PurgeChoice.None)
            | (isGiven(all) ? PurgeChoice.All : PurgeChoice.None);
        command.Validators.Add(result =>
        {
            if (Choice(result.GetValue) == PurgeChoice.None)
                result.AddError("Say which to forget: --unresolvable, --orphans, --ended or --all.");
        });
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var chosen = await context.Manager.ToPurgeAsync(Choice(parsed.GetValue), cancellationToken);
                if (chosen.Count == 0)
                {
                    context.Console.Note("there is nothing to forget.");
                    return ExitCode.Done;
                }

                context.Console.Write(
                    SubscriptionView.Headings,
                    [.. chosen.Select(context.Manager.View)],
                    SubscriptionView.Cells,
                    s => SubscriptionView.Json(s, "toDelete")
                );
                var isTold = parsed.GetValue(unsubscribe);
                var question =
                    $"Forget {(chosen.Count == 1 ? "it" : $"these {chosen.Count}")} with all stored notifications? "
                    + (isTold ? "Hubs are asked to end first." : "Hubs are not told.");
                if (!parsed.GetValue(yes) && !context.Console.Ask(question))
                {
                    context.Console.Complain("nothing was deleted; -y does it without asking.");
                    return ExitCode.Failed;
                }

                var left = isTold ? await EndAsync(context, chosen, TimeSpan.FromSeconds(parsed.GetValue(timeout)), cancellationToken) : [];
                var gone = chosen.Where(s => !left.Contains(s.Id)).Select(s => s.Id).ToList();
                await context.Manager.PurgeAsync(gone, cancellationToken);
                await context.Running.TellAsync(cancellationToken);
                context.Console.Write($"Deleted {gone.Count}.", new { Action = "deleted", Ids = gone });
                if (left.Count == 0)
                    return ExitCode.Done;
                context.Console.Complain(
                    $"Not ended at their hubs yet, and kept: {string.Join(", ", left)}. Once they have, websub purge --ended forgets them."
                );
                return ExitCode.Failed;
            }
        );
        return command;
    }

    /// <summary>Has the running app end them; returns those that have not ended in time.</summary>
    private static async Task<HashSet<Guid>> EndAsync(
        CommandContext context,
        IReadOnlyList<Subscription> chosen,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        // Asked before anything is changed: only the app can answer a hub that verifies.
        if (!await context.Running.HasSeenAsync(await context.Running.TellAsync(cancellationToken), cancellationToken))
        {
            throw new ManagementException(
                "No running instance of the app was seen, and only it can end subscriptions at their hubs: start it, or leave out "
                    + "--unsubscribe. Nothing was changed."
            );
        }

        foreach (var one in chosen.Where(s => !IsOver(s)))
            await context.Subscriptions.UnsubscribeAsync(one.Id, cancellationToken);
        await context.Running.TellAsync(cancellationToken);
        var left = new HashSet<Guid>();
        await context.Running.UntilAsync(
            async () =>
            {
                var known = (await context.Manager.AllAsync(cancellationToken)).ToDictionary(s => s.Id);
                left = [.. chosen.Select(s => s.Id).Where(id => known.TryGetValue(id, out var s) && !IsOver(s))];
                return left.Count == 0;
            },
            limit,
            cancellationToken
        );
        return left;
    }

    private static bool IsOver(Subscription s) =>
        s.Pending is null
        && s.State is WebSubSubscriptionState.Unsubscribed or WebSubSubscriptionState.Denied or WebSubSubscriptionState.Failed;
}
