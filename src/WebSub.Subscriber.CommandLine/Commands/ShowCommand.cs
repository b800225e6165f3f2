using System.CommandLine;
using System.Globalization;
using WebSub.Subscriber.CommandLine.Terminal;

namespace WebSub.Subscriber.CommandLine.Commands;

/// <summary><c>websub show ID</c>: everything about one subscription, its callback included.</summary>
internal static class ShowCommand
{
    public static Command Create(CommandContext context)
    {
        var id = SharedOptions.Id();
        var command = new Command("show", "Show everything about a subscription, its callback included") { id };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var found = (await context.Manager.FindAsync([parsed.GetRequiredValue(id)], cancellationToken))[0];
                var s = context.Manager.View(found);
                context.Console.Write(
                    Details(s, found.Declared is not null),
                    new
                    {
                        s.Id,
                        s.Handler,
                        s.State,
                        s.CallbackUrl,
                        IsDeclared = found.Declared is not null,
                        Details = SubscriptionView.Json(s),
                    }
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static IEnumerable<(string Name, string? Value)> Details(WebSubSubscription s, bool isDeclared) =>
        [
            ("Id", s.Id.ToString("D")),
            ("State", SubscriptionView.State(s)),
            ("Reason", s.Reason),
            ("Handler", s.Handler),
            ("Target", s.Target.ToString()),
            ("Declared", isDeclared ? "yes" : "no"),
            ("Found by", s.Parent?.ToString("D")),
            ("Topic", s.Topic),
            ("Hub", s.Hub),
            ("Callback", s.CallbackUrl),
            ("Signed", s.IsSigned ? "yes" : "no"),
            ("Lease ends", SubscriptionView.Time(s.LeaseEnd)),
            ("Renewal", SubscriptionView.Time(s.RenewAt)),
            ("Next action", SubscriptionView.Time(s.NextActionAt)),
            ("Received", s.Received.ToString(CultureInfo.InvariantCulture)),
            ("Last received", SubscriptionView.Time(s.ReceivedAt)),
            ("Usual pause", s.UsualPause is { } pause ? SubscriptionView.Length(pause) : null),
            ("Silent since", SubscriptionView.Time(s.SilentSince)),
            ("Silence", s.Silence),
            ("Missed", s.Missed == 0 ? null : s.Missed.ToString(CultureInfo.InvariantCulture)),
            ("Created", SubscriptionView.Time(s.CreatedAt)),
            ("Changed", SubscriptionView.Time(s.ChangedAt)),
        ];
}
