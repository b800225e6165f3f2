using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscribing;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Managing;

/// <summary>What an operator does with subscriptions by hand, beyond what apps do.</summary>
internal sealed class SubscriptionManager(
    SubscriptionStore store,
    SubscriptionService service,
    DeclaredSubscriptions declared,
    OperatorTransitions transitions,
    HandlerRegistry handlers,
    CallbackUrls callbacks,
    TimeProvider time
)
{
    /// <summary>All subscriptions, oldest first.</summary>
    public Task<IReadOnlyList<Subscription>> AllAsync(CancellationToken cancellationToken) => store.AllAsync(cancellationToken);

    /// <summary>The subscriptions that are meant, each once. Nothing is done before all are known.</summary>
    /// <exception cref="ManagementException">One is unknown, or a name is that of several.</exception>
    public async Task<IReadOnlyList<Subscription>> FindAsync(IEnumerable<string> typed, CancellationToken cancellationToken)
    {
        var all = await store.AllAsync(cancellationToken);
        return [.. typed.Select(t => SubscriptionNames.Find(all, t)).DistinctBy(s => s.Id)];
    }

    /// <summary>A subscription as it is now; null if it is gone.</summary>
    public async Task<WebSubSubscription?> ViewAsync(Guid id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } found ? callbacks.View(found) : null;

    /// <summary>As the app sees it.</summary>
    public WebSubSubscription View(Subscription subscription) => callbacks.View(subscription);

    /// <summary>
    /// The confirmed ones and those whose lease has run out: all, or those whose lease ends within this time. Those being ended stay out.
    /// </summary>
    public static bool IsRenewable(Subscription s, TimeSpan? within, DateTimeOffset now) =>
        !s.Options.IsKnownToHub
        && (
            s.State == WebSubSubscriptionState.Expired
            || (s is { State: WebSubSubscriptionState.Active, Active: { } active } && (within is null || active.LeaseEnd < now + within))
        );

    /// <summary>Asks the hubs of these again now.</summary>
    public async Task<IReadOnlyList<Subscription>> RenewAllAsync(TimeSpan? within, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var renewed = (await store.AllAsync(cancellationToken)).Where(s => IsRenewable(s, within, now)).ToList();
        foreach (var one in renewed)
            await service.RenewAsync(one.Id, cancellationToken);
        return renewed;
    }

    /// <summary>Sends what has failed again now. One that was named is asked for even if its attempts are used up.</summary>
    /// <param name="chosen">Those that were named; null for all.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Subscription>> RetryAsync(IReadOnlyList<Subscription>? chosen, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var retried = new List<Subscription>();
        foreach (var one in chosen ?? await store.AllAsync(cancellationToken))
        {
            var change = await service.ChangeAsync(
                one.Id,
                s =>
                    OperatorTransitions.Retry(s, now)
                    ?? (chosen is not null && OperatorTransitions.IsUsedUp(s) ? transitions.ResetCounters(s, now) : null),
                cancellationToken
            );
            if (change is not null)
                retried.Add(change.Next);
        }

        return retried;
    }

    /// <summary>Sets the counters of failed attempts back to zero, and asks again for what was given up.</summary>
    /// <param name="chosen">Those that were named; null for all.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Subscription>> ResetCountersAsync(
        IReadOnlyList<Subscription>? chosen,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var reset = new List<Subscription>();
        foreach (var one in chosen ?? await store.AllAsync(cancellationToken))
        {
            if (await service.ChangeAsync(one.Id, s => transitions.ResetCounters(s, now), cancellationToken) is { } change)
                reset.Add(change.Next);
        }

        return reset;
    }

    /// <summary>Those that an operator wants to be rid of.</summary>
    public async Task<IReadOnlyList<Subscription>> ToPurgeAsync(PurgeChoice choice, CancellationToken cancellationToken)
    {
        var wanted = declared.Wanted().Keys;
        return [.. (await store.AllAsync(cancellationToken)).Where(s => IsChosen(s, choice, wanted))];
    }

    private bool IsChosen(Subscription s, PurgeChoice choice, ICollection<(string Handler, string Target)> wanted) =>
        choice.HasFlag(PurgeChoice.All)
        || (choice.HasFlag(PurgeChoice.Unresolvable) && handlers.Find(s.Handler) is null)
        || (choice.HasFlag(PurgeChoice.Orphans) && DeclaredSubscriptions.IsOrphan(s, wanted))
        || (
            choice.HasFlag(PurgeChoice.Ended)
            && s.State is WebSubSubscriptionState.Unsubscribed or WebSubSubscriptionState.Denied or WebSubSubscriptionState.Failed
            && s is { Pending: null, Resumes: false }
            && !wanted.Contains(DeclaredSubscriptions.KeyOf(s))
        );

    /// <summary>Forgets these with their notifications; hubs are not told, and get 410.</summary>
    public async Task PurgeAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            // One may have gone with its parent.
            if (await store.FindAsync(id, cancellationToken) is not null)
                await service.DeleteAsync(id, cancellationToken);
        }
    }
}
