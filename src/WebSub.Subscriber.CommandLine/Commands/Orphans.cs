using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary>Forgets subscriptions that are no longer declared, asking for each.</summary>
internal static class Orphans
{
    public static async Task PurgeAsync(CommandContext context, bool isYes, CancellationToken cancellationToken)
    {
        foreach (var orphan in await context.Manager.ToPurgeAsync(PurgeChoice.Orphans, cancellationToken))
        {
            var view = context.Manager.View(orphan);
            context.Console.Write(SubscriptionView.Headings, [view], SubscriptionView.Cells, s => SubscriptionView.Json(s, "toDelete"));
            if (!isYes && !context.Console.Ask($"Forget {orphan.Id} with its stored notifications? Its hub is not told."))
                continue;
            await context.Manager.PurgeAsync([orphan.Id], cancellationToken);
            context.Console.Write($"Deleted {orphan.Id}.", new { Action = "deleted", orphan.Id });
        }
    }
}
