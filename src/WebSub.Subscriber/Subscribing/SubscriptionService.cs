using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using WebSub.Protocol;
using WebSub.Subscriber.Diagnostics;
using WebSub.Subscriber.Handlers;
using WebSub.Subscriber.Hosting;
using WebSub.Subscriber.Storage;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Subscribing;

/// <summary>The single entry point for what the app wants and what hubs say: checks, stores, notifies.</summary>
internal sealed class SubscriptionService(
    SubscriptionStore store,
    HealthStore health,
    SubscriptionTransitions transitions,
    HandlerRegistry handlers,
    CallbackUrls callbacks,
    ChangeFeed feed,
    Wakeups wakeups,
    IEnumerable<HubHttpClient> clients,
    IOptions<WebSubSubscriberOptions> options,
    TimeProvider time
) : IWebSubSubscriptions
{
    private const int PageSize = 200;

    public async Task<WebSubSubscription> SubscribeAsync(
        WebSubTarget target,
        string handler,
        WebSubSubscribeOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentException.ThrowIfNullOrEmpty(handler);
        Check(target, handler, options);
        return await AddOrAskAsync(target, handler, options, null, cancellationToken);
    }

    /// <summary>Creates or updates a subscription declared in code or configuration.</summary>
    public async Task DeclareAsync(WebSubDeclaredSubscription one, string declared, CancellationToken cancellationToken)
    {
        Check(one.Target, one.Handler, one.Options);
        await AddOrAskAsync(one.Target, one.Handler, one.Options, declared, cancellationToken);
    }

    public Task UnsubscribeAsync(Guid id, CancellationToken cancellationToken = default) => EndAsync(id, resumes: false, cancellationToken);

    public async Task RenewAsync(Guid id, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        if (
            await ChangeAsync(id, s => transitions.Renew(s, now), cancellationToken) is null
            && await store.FindAsync(id, cancellationToken) is null
        )
        {
            throw new KeyNotFoundException($"There is no subscription {id}.");
        }
    }

    public async Task DeleteAsync(Guid id, CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var subscription =
            await store.FindAsync(id, cancellationToken) ?? throw new KeyNotFoundException($"There is no subscription {id}.");
        foreach (var one in (await store.ChildrenAsync(id, cancellationToken)).Append(subscription))
        {
            if (await store.DeleteAsync(one.Id, now, cancellationToken))
                feed.Publish(WebSubChangeKind.Deleted, callbacks.View(one), null);
        }

        wakeups.Leases();
    }

    /// <summary>Answers a callback that a hub was told of by other means.</summary>
    public async Task ServeAsync(WebSubTarget target, string handler, WebSubSubscribeOptions how, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (stored, _) = await store.AddAsync(New(target, handler, how, now) with { Pending = null }, cancellationToken);
        await ChangeAsync(stored.Id, s => transitions.Serve(s, how, now), cancellationToken);
    }

    /// <summary>Ends a subscription: for good, or until the app's next start.</summary>
    public async Task EndAsync(Guid id, bool resumes, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (
            await ChangeAsync(id, s => transitions.End(s, now, resumes), cancellationToken) is null
            && await store.FindAsync(id, cancellationToken) is null
        )
        {
            throw new KeyNotFoundException($"There is no subscription {id}.");
        }

        // Those at further hubs return with this one, if it does.
        foreach (var child in (await store.ChildrenAsync(id, cancellationToken)).Where(c => c.State != WebSubSubscriptionState.Denied))
            await ChangeAsync(child.Id, s => transitions.End(s, now, resumes: true), cancellationToken);
    }

    /// <summary>
    /// A handler wants no more notifications, from whichever hub: ends this subscription at once, and those that belong with it.
    /// </summary>
    public async Task GoneAsync(Subscription subscription)
    {
        await ChangeAsync(subscription.Id, s => transitions.Gone(s, time.GetUtcNow()), CancellationToken.None);
        if (subscription.Parent is not null || subscription.Options.AllHubs)
            await EndAsync(subscription.Parent ?? subscription.Id, resumes: false, CancellationToken.None);
    }

    public async IAsyncEnumerable<WebSubSubscription> ListAsync(
        WebSubSubscriptionFilter? filter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        Subscription? last = null;
        while (true)
        {
            var page = await store.ListAsync(filter ?? new(), last, PageSize, cancellationToken);
            foreach (var subscription in page)
                yield return callbacks.View(subscription);
            if (page.Count < PageSize)
                yield break;
            last = page[^1];
        }
    }

    public Task<IReadOnlyList<WebSubHubHealth>> ListHubsAsync(CancellationToken cancellationToken = default) =>
        health.HubsAsync(cancellationToken);

    /// <summary>
    /// Brings the subscriptions at further hubs in line with what discovery found for this one: new hubs get one, hubs no longer named lose
    /// theirs.
    /// </summary>
    public async Task SpreadAsync(
        Subscription parent,
        string topic,
        IReadOnlyCollection<string> furtherHubs,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var children = await store.ChildrenAsync(parent.Id, cancellationToken);
        foreach (
            var child in children.Where(c =>
                c.State != WebSubSubscriptionState.Denied && (c.Target.TopicName != topic || !furtherHubs.Contains(c.Target.HubUrl))
            )
        )
        {
            await ChangeAsync(child.Id, s => transitions.End(s, now, resumes: true), cancellationToken);
        }

        var how = parent.Options with { AllHubs = false };
        foreach (var hub in furtherHubs)
        {
            var (child, isNew) = await store.AddAsync(
                New(WebSubTarget.Topic(topic, hub), parent.Handler, how, now) with
                {
                    Parent = parent.Id,
                },
                cancellationToken
            );
            var differs = SubscriptionRow.Write(how) != SubscriptionRow.Write(child.Options);
            if (isNew)
                Tell(new(child, WebSubChangeKind.Requested));
            else if (child.Parent == parent.Id)
                await ChangeAsync(child.Id, s => transitions.Kept(s, how, differs, now), cancellationToken);
        }
    }

    /// <summary>Applies a transition, reports it, and wakes the clock for the new due time.</summary>
    public async Task<SubscriptionChange?> ChangeAsync(
        Guid id,
        Func<Subscription, SubscriptionChange?> transition,
        CancellationToken cancellationToken
    )
    {
        var change = await SaveAsync(id, transition, cancellationToken);
        if (change is not null)
            Tell(change);
        return change;
    }

    /// <summary>Applies a transition and wakes the clock for the new due time; the caller reports it with <see cref="Tell"/>.</summary>
    public async Task<SubscriptionChange?> SaveAsync(
        Guid id,
        Func<Subscription, SubscriptionChange?> transition,
        CancellationToken cancellationToken
    )
    {
        var change = await store.ChangeAsync(id, transition, cancellationToken);
        if (change is not null)
            wakeups.Leases();
        return change;
    }

    /// <summary>Reports a change that was saved.</summary>
    public void Tell(SubscriptionChange change)
    {
        if (change.Kind is { } kind)
            feed.Publish(kind, callbacks.View(change.Next), change.Reason);
        if (change.Kind == WebSubChangeKind.Verified)
            wakeups.Health();
        wakeups.Leases();
    }

    /// <summary>
    /// The hub has answered 2xx. Reported even if its verification, or a newer request of the app, came before the response.
    /// </summary>
    public async Task AcceptedAsync(Guid id, Guid request, CancellationToken cancellationToken)
    {
        if (await ChangeAsync(id, s => transitions.Accepted(s, request, time.GetUtcNow()), cancellationToken) is not null)
            return;
        if (await store.FindAsync(id, cancellationToken) is { } current)
            feed.Publish(WebSubChangeKind.Accepted, callbacks.View(current), null);
    }

    private async Task<WebSubSubscription> AddOrAskAsync(
        WebSubTarget target,
        string handler,
        WebSubSubscribeOptions? options,
        string? declared,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        var (stored, isNew) = await store.AddAsync(New(target, handler, options, now) with { Declared = declared }, cancellationToken);
        if (isNew)
        {
            Tell(new(stored, WebSubChangeKind.Requested));
            return callbacks.View(stored);
        }

        var differs = options is not null && SubscriptionRow.Write(options) != SubscriptionRow.Write(stored.Options);
        var change = await ChangeAsync(
            stored.Id,
            s =>
                declared is null
                    ? transitions.Ask(s, options, differs, now)
                    : transitions.Declare(s, options ?? new(), declared, differs, now),
            cancellationToken
        );
        return callbacks.View(change?.Next ?? stored);
    }

    private static Subscription New(WebSubTarget target, string handler, WebSubSubscribeOptions? options, DateTimeOffset now) =>
        new()
        {
            Id = Guid.NewGuid(),
            Handler = handler,
            Target = target,
            Options = options ?? new(),
            CreatedAt = now,
            ChangedAt = now,
            Pending = new()
            {
                Id = Guid.NewGuid(),
                Mode = HubModes.Subscribe,
                Due = now,
            },
        };

    private void Check(WebSubTarget target, string handler, WebSubSubscribeOptions? asked)
    {
        if (handlers.Find(handler) is null)
        {
            throw new ArgumentException(
                $"There is no handler named \"{handler}\"; known are {string.Join(", ", handlers.Names)}. "
                    + $"Add it with AddHandler(\"{handler}\", …).",
                nameof(handler)
            );
        }

        foreach (var (argument, sentence) in WishFaults.Of(target, asked, options.Value.DefaultHub, clients))
            throw new ArgumentException(sentence, argument);
    }
}
