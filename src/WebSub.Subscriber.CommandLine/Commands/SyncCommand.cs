using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Managing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub sync</c>: brings what is stored in line with what the app declares.</summary>
internal static class SyncCommand
{
    public static Command Create(CommandContext context)
    {
        var purge = new Option<bool>("--purge-orphans") { Description = "Forget those that are no longer declared, asking for each" };
        var reset = new Option<bool>("--reset-counters") { Description = "Forget failed attempts" };
        var force = new Option<bool>("--force") { Description = "Ask hubs again, even if active or explicitly unsubscribed" };
        var yes = SharedOptions.Yes();
        var command = new Command("sync", "Create declared subscriptions that are missing, and ask again for those that are not active")
        {
            purge,
            reset,
            force,
            yes,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var how =
                    (parsed.GetValue(force) ? SyncFlags.Force : SyncFlags.None)
                    | (parsed.GetValue(reset) ? SyncFlags.ResetCounters : SyncFlags.None);
                var sync = context.Get<DeclaredSync>();
                var results = await sync.RunAsync(how, cancellationToken);
                Show(context, results);
                if (parsed.GetValue(purge))
                    await Orphans.PurgeAsync(context, parsed.GetValue(yes), cancellationToken);
                await context.Running.TellAsync(cancellationToken);
                foreach (var sentence in await sync.CheckAsync(cancellationToken))
                    context.Console.Note(sentence);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Show(CommandContext context, IReadOnlyList<SyncResult> results)
    {
        if (results.Count == 0)
        {
            context.Console.Note(
                "no subscription is declared: use AddSubscription, [WebSubSubscription], or the setting WebSub:Subscriber:Subscriptions."
            );
        }

        context.Console.Write(
            ["Done", .. SubscriptionView.Headings],
            results,
            r => SubscriptionView.Cells(context.Manager.View(r.Subscription)).Prepend(r.Outcome.ToString()),
            r => SubscriptionView.Json(context.Manager.View(r.Subscription), ActionOf(r.Outcome))
        );
        foreach (var one in results.Where(r => r.Outcome == SyncOutcome.Unsubscribed))
            context.Console.Note($"{one.Subscription.Id} was unsubscribed and stays so; websub sync --force asks for it again.");
    }

    private static string ActionOf(SyncOutcome outcome) =>
        outcome switch
        {
            SyncOutcome.Created => "created",
            SyncOutcome.Requested => "requested",
            SyncOutcome.Unsubscribed => "leftUnsubscribed",
            SyncOutcome.Moved => "leftMoved",
            _ => "kept",
        };
}
