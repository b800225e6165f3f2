using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WebSub.Subscriber.Diagnostics;
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
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var wanted = Wanted();
        var stored = await store.AllAsync(cancellationToken);

        // 1. and 2.
        foreach (var one in wanted.Values)
        {
            if (await FollowRenameAsync(one, wanted.Keys, stored, cancellationToken))
                stored = await store.AllAsync(cancellationToken);

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

        stored = await store.AllAsync(cancellationToken);
        foreach (var (hub, twin) in SlashTwins.Of(stored))
            Log.SlashTwin(logger, hub, twin);
        foreach (var s in stored)
        {
            if (callbacks.OwnPath(s.Options) is { } path)
                Log.OwnPath(logger, s.Id, s.Options.CallbackUrl!, path);

            // 3.
            if (IsOrphan(s, wanted.Keys))
                Log.Orphan(logger, s.Id, s.Target.ToString(), s.Handler);
            else if (handlers.Find(s.Handler) is null)
                Log.NoHandler(logger, s.Id, s.Target.ToString(), s.Handler);

            // 4.
            var now = time.GetUtcNow();
            await subscriptions.ChangeAsync(s.Id, current => transitions.Resume(current, now), cancellationToken);
            if (!transitions.IsMoved(s))
                continue;
            Log.Moved(
                logger,
                s.Id,
                s.Target.ToString(),
                options.Value.AutofixUrls
                    ? "it is requested again"
                    : "it is not requested again, because AutofixUrls is false; websub fix-urls does it"
            );
            if (options.Value.AutofixUrls)
                await subscriptions.ChangeAsync(s.Id, current => transitions.Moved(current, now), cancellationToken);
        }
    }

    /// <summary>What the app declares, by handler and target. Declared twice: the later one counts, as with any setting.</summary>
    public Dictionary<(string Handler, string Target), WebSubDeclaredSubscription> Wanted()
    {
        var wanted = new Dictionary<(string Handler, string Target), WebSubDeclaredSubscription>();
        foreach (var one in options.Value.Subscriptions)
            wanted[(one.Handler, SubscriptionRow.TargetKeyOf(one.Target))] = one;
        return wanted;
    }

    /// <summary>
    /// If nothing is stored for a declared subscription, but the one of a handler that is gone has its target: moves that to the declared
    /// handler.
    /// </summary>
    public async Task<bool> FollowRenameAsync(
        WebSubDeclaredSubscription one,
        ICollection<(string Handler, string Target)> wanted,
        IReadOnlyList<Subscription> stored,
        CancellationToken cancellationToken
    )
    {
        var target = SubscriptionRow.TargetKeyOf(one.Target);
        if (
            stored.Any(s => KeyOf(s) == (one.Handler, target))
            || stored.FirstOrDefault(s => IsLeftBehind(s, target, wanted)) is not { } renamed
        )
            return false;
        Log.Renamed(logger, renamed.Id, renamed.Handler, one.Handler);
        await subscriptions.ChangeAsync(renamed.Id, s => transitions.Renamed(s, one.Handler), cancellationToken);
        return true;
    }

    /// <summary>True if the app once declared it and does so no longer.</summary>
    public static bool IsOrphan(Subscription s, ICollection<(string Handler, string Target)> wanted) =>
        s.Declared is not null && !wanted.Contains(KeyOf(s));

    /// <summary>Those whose handler no longer exists.</summary>
    public IEnumerable<Subscription> Unresolvable(IEnumerable<Subscription> all) => all.Where(s => handlers.Find(s.Handler) is null);

    /// <summary>Those whose hub has another callback than it would be given now.</summary>
    public IEnumerable<Subscription> Moved(IEnumerable<Subscription> all) =>
        all.Where(s => handlers.Find(s.Handler) is not null && transitions.IsMoved(s));

    /// <summary>What a declaration is known by.</summary>
    public static (string Handler, string Target) KeyOf(Subscription s) => (s.Handler, SubscriptionRow.TargetKeyOf(s.Target));

    private bool IsLeftBehind(Subscription s, string target, ICollection<(string Handler, string Target)> wanted) =>
        IsOrphan(s, wanted) && SubscriptionRow.TargetKeyOf(s.Target) == target && handlers.Find(s.Handler) is null;
}
