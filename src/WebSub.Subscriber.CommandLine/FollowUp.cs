using System.CommandLine;
using WebSub.Subscriber.CommandLine.Terminal;

namespace WebSub.Subscriber.CommandLine;

/// <summary>
/// The end of every command that has changed subscriptions: the running app is told, and with <c>--wait</c> its result is shown.
/// </summary>
internal sealed class FollowUp(CommandContext context)
{
    private readonly Option<bool> _wait = SharedOptions.Wait();
    private readonly Option<int> _timeout = SharedOptions.Timeout();

    public void AddTo(Command command)
    {
        command.Options.Add(_wait);
        command.Options.Add(_timeout);
    }

    /// <summary>Tells the running app, waits if that was wished for, and shows the subscriptions.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="ids">The subscriptions that were changed.</param>
    /// <param name="action">What was done, for JSON.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<int> ShowAsync(ParseResult parsed, IReadOnlyCollection<Guid> ids, string action, CancellationToken cancellationToken)
    {
        var before = await ViewAsync(ids, cancellationToken);
        var number = await context.Running.TellAsync(cancellationToken);
        if (!parsed.GetValue(_wait) || ids.Count == 0)
        {
            Show(before, action);
            return ExitCode.Done;
        }

        if (!await context.Running.HasSeenAsync(number, cancellationToken))
        {
            Show(before, action);
            context.Console.Complain("no running instance of the app was seen; this is stored, and is done once the app runs.");
            return ExitCode.Failed;
        }

        var failures = before.ToDictionary(s => s.Id, s => s.FailedAttempts);
        var now = before;
        var limit = TimeSpan.FromSeconds(parsed.GetValue(_timeout));
        var isSettled = await context.Running.UntilAsync(
            async () => (now = await ViewAsync(ids, cancellationToken)).All(s => IsSettled(s, failures[s.Id])),
            limit,
            cancellationToken
        );
        Show(now, action);
        if (!isSettled)
            context.Console.Complain($"no result within {limit.TotalSeconds:0} s; websub list shows how it goes on.");
        return isSettled && now.TrueForAll(IsGood) ? ExitCode.Done : ExitCode.Failed;
    }

    private static bool IsSettled(WebSubSubscription s, int failedBefore) => s.RequestState is null || s.FailedAttempts > failedBefore;

    private static bool IsGood(WebSubSubscription s) =>
        s is { RequestState: null, Reason: null, State: WebSubSubscriptionState.Active or WebSubSubscriptionState.Unsubscribed };

    private void Show(List<WebSubSubscription> all, string action) =>
        context.Console.Write(SubscriptionView.Headings, all, SubscriptionView.Cells, s => SubscriptionView.Json(s, action));

    private async Task<List<WebSubSubscription>> ViewAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var all = new List<WebSubSubscription>();
        foreach (var id in ids)
        {
            if (await context.Manager.ViewAsync(id, cancellationToken) is { } one)
                all.Add(one);
        }

        return all;
    }
}
