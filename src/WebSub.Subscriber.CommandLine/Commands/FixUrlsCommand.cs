using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;
using WebSub.Subscriber.Managing;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub fix-urls</c>: shows callback URLs that no longer fit and why, and has hubs given the new ones.</summary>
internal static class FixUrlsCommand
{
    private static readonly string[] Headings = ["Id", "State", "Target", "What has changed", "Callback that the hub has"];

    public static Command Create(CommandContext context)
    {
        var renames = SharedOptions.Renames("A handler's old and new name, where it is not guessed; any number");
        var yes = SharedOptions.Yes();
        var command = new Command("fix-urls", "Fix callback URLs after a change of public URL, prefix or a handler's name")
        {
            renames,
            yes,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var fixer = context.Get<UrlFixer>();
                var plan = await fixer.PlanAsync(SharedOptions.ReadRenames(parsed.GetValue(renames)!), cancellationToken);
                if (plan is { Fixes.Count: 0, Unknown.Count: 0 })
                    context.Console.Note("all callback URLs fit.");
                foreach (var group in plan.Fixes.GroupBy(f => f.Why))
                    await FixAsync(context, fixer, [.. group], parsed.GetValue(yes), cancellationToken);
                await context.Running.TellAsync(cancellationToken);

                var orphans = await context.Manager.ToPurgeAsync(PurgeChoice.Orphans, cancellationToken);
                if (parsed.GetValue(yes))
                {
                    foreach (var orphan in orphans)
                        context.Console.Note($"{orphan.Id} is no longer declared; websub sync --purge-orphans forgets it.");
                }
                else
                {
                    await Orphans.PurgeAsync(context, isYes: false, cancellationToken);
                }

                foreach (var s in plan.Unknown)
                {
                    context.Console.Complain(
                        $"{s.Id} to {s.Target} is for the handler {s.Handler}, which no longer exists: say what it is called now with "
                            + $"--handler {s.Handler}=NAME, or forget it with websub purge --unresolvable."
                    );
                }

                return plan.Unknown.Count == 0 ? ExitCode.Done : ExitCode.Failed;
            }
        );
        return command;
    }

    private static async Task FixAsync(
        CommandContext context,
        UrlFixer fixer,
        IReadOnlyList<UrlFix> group,
        bool isYes,
        CancellationToken cancellationToken
    )
    {
        context.Console.Write(Headings, group, Cells, f => Json(f, "toFix"));
        if (!isYes && !context.Console.Ask($"{Sentence(group[0].Why)}. Fix {(group.Count == 1 ? "it" : $"these {group.Count}")}?"))
            return;
        foreach (var fix in group)
            await fixer.ApplyAsync(fix, cancellationToken);
        context.Console.Write($"Fixed {group.Count}.", new { Action = "fixed", Ids = group.Select(f => f.Subscription.Id) });
    }

    private static string Sentence(string why) => char.ToUpperInvariant(why[0]) + why[1..];

    private static IEnumerable<string> Cells(UrlFix fix) =>
        [
            fix.Subscription.Id.ToString("D")[..8],
            fix.Subscription.State.ToString(),
            fix.Subscription.Target.ToString(),
            fix.Into is { } other ? $"{fix.Why}, which has {other.Id} to the same target: its notifications go there" : fix.Why,
            fix.OldUrl ?? "",
        ];

    private static object Json(UrlFix fix, string action) =>
        new
        {
            action,
            fix.Subscription.Id,
            fix.Subscription.State,
            OldHandler = fix.Subscription.Handler,
            fix.Handler,
            fix.Why,
            Into = fix.Into?.Id,
            fix.OldUrl,
        };
}
