using WebSub.Protocol;

namespace WebSub.Subscriber.Subscriptions;

/// <summary>
/// What an operator does to a subscription by hand, decided like everything in <see cref="SubscriptionTransitions"/>: null when it changes
/// nothing.
/// </summary>
internal sealed class OperatorTransitions(SubscriptionTransitions transitions, TransitionSettings settings)
{
    /// <summary>True if nothing moves any more because the attempts were used up: to subscribe, or to renew.</summary>
    public static bool IsUsedUp(Subscription s) =>
        s.State == WebSubSubscriptionState.Failed
        || s is { State: WebSubSubscriptionState.Active, Pending: null, Active.RenewAt: null, Options.IsKnownToHub: false };

    /// <summary>A request that has failed is sent again now instead of after its back-off; its counters stay.</summary>
    public static SubscriptionChange? Retry(Subscription s, DateTimeOffset now) =>
        s.Pending is { IsInFlight: false, FailedAttempts: > 0 } pending && pending.Due > now
            ? new(s with { Pending = pending with { Due = now } }, null)
            : null;

    /// <summary>All counters go back to zero, and what was given up is asked for again.</summary>
    public SubscriptionChange? ResetCounters(Subscription s, DateTimeOffset now)
    {
        if (IsUsedUp(s))
            return transitions.Renew(s, now);
        if (s.Pending is not { FailedAttempts: > 0 } pending)
            return null;
        var zero = Zeroed(pending);
        return new(s with { Pending = pending.IsInFlight ? zero : zero with { Due = now } }, null);
    }

    /// <summary>Brings a subscription that is there in line with its declaration, as the operator asks for it.</summary>
    /// <param name="s">The subscription, whatever its origin.</param>
    /// <param name="options">The declared options.</param>
    /// <param name="declared">The same as JSON.</param>
    /// <param name="optionsDiffer">True if the subscription has other options.</param>
    /// <param name="how">What the operator wants beyond that.</param>
    /// <param name="now">The time.</param>
    public SyncStep Sync(
        Subscription s,
        WebSubSubscribeOptions options,
        string declared,
        bool optionsDiffer,
        SyncFlags how,
        DateTimeOffset now
    )
    {
        var isNewText = s.Declared is not null && s.Declared != declared;
        var next = s with { Declared = declared };
        if (how.HasFlag(SyncFlags.ResetCounters) && s.Pending is { } counted)
            next = next with { Pending = Zeroed(counted) };
        var kept = next == s ? null : new SubscriptionChange(next, null);

        // An explicit end stays until the declaration changes, or the operator insists.
        var isEnded = s.State is WebSubSubscriptionState.Unsubscribed or WebSubSubscriptionState.Unsubscribing && !s.Resumes;
        var insists = how.HasFlag(SyncFlags.Force);
        if (isEnded && !insists && !isNewText)
            return new(SyncOutcome.Unsubscribed, kept);

        next = next with { Options = optionsDiffer ? options : s.Options };
        if (!isEnded && !insists && !optionsDiffer)
        {
            if (transitions.IsMoved(next))
            {
                return !settings.AutofixUrls ? new(SyncOutcome.Moved, kept) : new(SyncOutcome.Requested, Repoint(next, now));
            }

            if (s.Active is not null && !(IsUsedUp(s) && how.HasFlag(SyncFlags.ResetCounters)))
                return new(SyncOutcome.Kept, kept);
        }

        var asked = transitions.Renew(next, now);
        if (asked is null)
            return new(SyncOutcome.Kept, kept);
        // Without --reset-counters and --force the attempts so far still count.
        if (!insists && !how.HasFlag(SyncFlags.ResetCounters) && next.Pending is { IsSubscribe: true } before)
        {
            asked = asked with
            {
                Next = asked.Next with
                {
                    Pending = asked.Next.Pending! with
                    {
                        ConnectAttempts = before.ConnectAttempts,
                        HubErrorAttempts = before.HubErrorAttempts,
                        VerifyAttempts = before.VerifyAttempts,
                    },
                },
            };
        }

        return new(SyncOutcome.Requested, asked);
    }

    /// <summary>
    /// The operator has seen that the callback URL has changed and wants the hub to get the new one, whatever <c>AutofixUrls</c> says. The
    /// old one goes on being answered until that is confirmed, and for the grace time after it.
    /// </summary>
    public SubscriptionChange? Repoint(Subscription s, DateTimeOffset now)
    {
        if (!transitions.IsMoved(s))
            return null;
        var key = settings.NewKey();
        return new(
            s with
            {
                Pending = new()
                {
                    Id = Guid.NewGuid(),
                    Mode = HubModes.Subscribe,
                    Hub = s.Active?.Hub ?? s.Pending?.Hub,
                    Topic = s.Active?.Topic ?? s.Pending?.Topic,
                    CallbackKey = key,
                    CallbackUrl = settings.CallbackUrl(s, key),
                    Due = now,
                },
                ChangedAt = now,
            },
            WebSubChangeKind.Requested
        );
    }

    /// <summary>Its handler has another name now: with it goes whatever is stored, and the hub gets the callback of that name.</summary>
    public SubscriptionChange Rename(Subscription s, string handler, DateTimeOffset now)
    {
        var renamed = transitions.Renamed(s, handler);
        return Repoint(renamed.Next, now) ?? renamed;
    }

    private static PendingRequest Zeroed(PendingRequest pending) =>
        pending with
        {
            ConnectAttempts = 0,
            HubErrorAttempts = 0,
            VerifyAttempts = 0,
        };
}
