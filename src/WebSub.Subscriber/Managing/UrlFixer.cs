using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>
/// Finds subscriptions whose callback URL no longer fits (public URL, prefix, handler name), says what it would do, and does it.
/// </summary>
internal sealed class UrlFixer(
    SubscriptionStore store,
    InboxStore inbox,
    SubscriptionService service,
    DeclaredSubscriptions declared,
    OperatorTransitions transitions,
    HandlerRegistry handlers,
    CallbackUrls callbacks,
    InboxSignal signal,
    TimeProvider time
)
{
    /// <summary>What is wrong and what can be done; nothing is changed.</summary>
    /// <param name="renames">Old and new names of handlers that the operator has given.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ManagementException">A given name is unknown.</exception>
    /// <exception cref="NoPublicUrlException">This process cannot make callback URLs.</exception>
    public async Task<UrlPlan> PlanAsync(IReadOnlyDictionary<string, string> renames, CancellationToken cancellationToken)
    {
        callbacks.EnsurePossible();
        var all = await store.AllAsync(cancellationToken);
        foreach (var (old, now) in renames)
            CheckRename(old, now, all);

        var fixes = new List<UrlFix>();
        var unknown = new List<Subscription>();
        foreach (var s in declared.Unresolvable(all).Union(all.Where(s => renames.ContainsKey(s.Handler))))
        {
            var handler = renames.GetValueOrDefault(s.Handler) ?? RenameGuess.Of(s, all, [.. handlers.Names], declared.Wanted().Keys);
            if (handler is null)
                unknown.Add(s);
            else
                fixes.Add(new(s, handler, SameTarget(s, handler, all), $"the handler {s.Handler} is now {handler}"));
        }

        foreach (var s in declared.Moved(all).Where(s => !renames.ContainsKey(s.Handler)))
            fixes.Add(new(s, s.Handler, null, callbacks.WhatChanged(s)));
        return new(fixes, unknown);
    }

    /// <summary>
    /// Does what was shown. The old callback goes on being answered until its hub has confirmed the new one, and for a while after.
    /// </summary>
    public async Task ApplyAsync(UrlFix fix, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = fix.Subscription.Id;
        if (fix.Into is { } other)
        {
            // The handler has a subscription to this target already, which takes what waits; this one ends at its hub.
            await inbox.MoveAsync(id, other.Id, now, cancellationToken);
            await service.UnsubscribeAsync(id, cancellationToken);
        }
        else if (fix.IsRenamed)
        {
            await service.ChangeAsync(id, s => transitions.Rename(s, fix.Handler, now), cancellationToken);
        }
        else
        {
            await service.ChangeAsync(id, s => transitions.Repoint(s, now), cancellationToken);
        }

        signal.Raise();
    }

    private static Subscription? SameTarget(Subscription s, string handler, IReadOnlyList<Subscription> all)
    {
        var target = SubscriptionRow.TargetKeyOf(s.Target);
        return all.FirstOrDefault(o => o.Id != s.Id && o.Handler == handler && SubscriptionRow.TargetKeyOf(o.Target) == target);
    }

    private void CheckRename(string old, string now, IReadOnlyList<Subscription> all)
    {
        if (handlers.Find(now) is null)
        {
            throw new ManagementException($"There is no handler named \"{now}\"; this app has {string.Join(", ", handlers.Names)}.");
        }

        if (!all.Any(s => s.Handler == old))
        {
            throw new ManagementException(
                $"No subscription is for a handler named \"{old}\"; there are some for "
                    + $"{string.Join(", ", all.Select(s => s.Handler).Distinct(StringComparer.Ordinal))}."
            );
        }
    }
}
