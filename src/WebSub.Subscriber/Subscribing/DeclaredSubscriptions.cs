using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Subscribing;

/// <summary>Brings what is stored in line with what the app declares, once at its start.</summary>
/// <remarks>
/// <para>
/// 1. Each declared subscription is created, kept or changed. One that was unsubscribed explicitly stays so until its declaration changes.
/// </para>
/// <para>2. If the handler of one is gone and its target is declared for a new handler, it moves to that handler.</para>
/// <para>3. What is no longer declared is reported and left alone: its hub still delivers.</para>
/// <para>4. What the last shutdown ended is requested again, and so is what now has a different callback URL.</para>
/// </remarks>
internal sealed class DeclaredSubscriptions(
    SubscriptionStore store,
    SubscriptionService subscriptions,
    SubscriptionTransitions transitions,
    HandlerRegistry handlers,
    CallbackUrls callbacks,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time,
    ILogger<DeclaredSubscriptions> logger
)
{
    private const int PageSize = 500;

    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        // Declared twice: the later one counts, as with any setting.
        var wanted = new Dictionary<(string Handler, string Target), WebSubDeclaredSubscription>();
        foreach (var one in options.Value.Subscriptions)
            wanted[(one.Handler, SubscriptionRow.TargetKeyOf(one.Target))] = one;
        var stored = await AllAsync(cancellationToken);

        // 1. and 2.
        foreach (var (key, one) in wanted)
        {
            if (!stored.Exists(s => KeyOf(s) == key) && stored.Find(s => IsLeftBehind(s, key.Target, wanted.ContainsKey)) is { } renamed)
            {
                DeclaredLog.Renamed(logger, renamed.Id, renamed.Handler, one.Handler);
                await subscriptions.ChangeAsync(renamed.Id, s => transitions.Renamed(s, one.Handler), cancellationToken);
                stored = await AllAsync(cancellationToken);
            }

            await subscriptions.DeclareAsync(one, SubscriptionRow.Write(one.Options ?? new()), cancellationToken);
        }

        foreach (var known in options.Value.KnownCallbacks)
        {
            var how = new WebSubSubscribeOptions
            {
                CallbackUrl = known.CallbackUrl ?? callbacks.ForHandler(known.Handler),
                Secret = known.Secret,
                IsKnownToHub = true,
            };
            await subscriptions.ServeAsync(known.Target, known.Handler, how, cancellationToken);
        }

        foreach (var s in await AllAsync(cancellationToken))
        {
            if (callbacks.OwnPath(s.Options) is { } path)
                DeclaredLog.OwnPath(logger, s.Id, s.Options.CallbackUrl!, path);

            // 3.
            if (s.Declared is not null && !wanted.ContainsKey(KeyOf(s)))
                DeclaredLog.Orphan(logger, s.Id, s.Target.ToString(), s.Handler);
            else if (handlers.Find(s.Handler) is null)
                DeclaredLog.NoHandler(logger, s.Id, s.Target.ToString(), s.Handler);

            // 4.
            var now = time.GetUtcNow();
            await subscriptions.ChangeAsync(s.Id, current => transitions.Resume(current, now), cancellationToken);
            if (!transitions.IsMoved(s))
                continue;
            DeclaredLog.Moved(
                logger,
                s.Id,
                s.Target.ToString(),
                options.Value.AutofixUrls ? "it is requested again" : "it is not requested again, because AutofixUrls is false"
            );
            if (options.Value.AutofixUrls)
                await subscriptions.ChangeAsync(s.Id, current => transitions.Moved(current, now), cancellationToken);
        }
    }

    private static (string Handler, string Target) KeyOf(Subscription s) => (s.Handler, SubscriptionRow.TargetKeyOf(s.Target));

    private bool IsLeftBehind(Subscription s, string target, Func<(string Handler, string Target), bool> isWanted) =>
        s.Declared is not null
        && SubscriptionRow.TargetKeyOf(s.Target) == target
        && handlers.Find(s.Handler) is null
        && !isWanted(KeyOf(s));

    private async Task<List<Subscription>> AllAsync(CancellationToken cancellationToken)
    {
        var all = new List<Subscription>();
        while (true)
        {
            var page = await store.ListAsync(new(), all.Count > 0 ? all[^1] : null, PageSize, cancellationToken);
            all.AddRange(page);
            if (page.Count < PageSize)
                return all;
        }
    }
}
