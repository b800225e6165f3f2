using WebSub.Http;
using WebSub.Protocol;
using WebSub.Work;

#pragma warning disable CA1822 // Some events need no settings; callers should not have to know which.

namespace WebSub.Subscriber.Subscriptions;

/// <summary>
/// Every way a subscription can change: (subscription, event, now) → next subscription, or null when the event changes nothing. Pure; the
/// store runs it inside the transaction that saves the result, so two processes cannot both act on one state.
/// </summary>
/// <remarks>
/// <para><b>Pending</b>: requested, never confirmed. Waits to be sent, for the hub's verification, or for the next attempt.</para>
/// <para><b>Active</b>: confirmed. Its clock starts a renewal, which is a pending request beside the untouched active part.</para>
/// <para><b>Expired</b>: the lease ended first. One more round of attempts runs, with the same callback.</para>
/// <para>
/// <b>Unsubscribing</b>: a pending unsubscribe; deliveries are still accepted. It also ends when its attempts are used up or its lease runs
/// out.
/// </para>
/// <para><b>Unsubscribed, Denied, Failed</b>: nothing moves until <see cref="Ask"/>.</para>
/// <para>An answer of a hub counts only while the request it answers is the pending one: its id says so.</para>
/// </remarks>
internal sealed class SubscriptionTransitions(TransitionSettings settings)
{
    private static readonly TimeSpan DefaultLease = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(3650);
    private static readonly TimeSpan UsualLease = TimeSpan.FromDays(10);
    private const double RenewalSpread = 0.05;
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);

    /// <summary>The app requests it: again, or with other options.</summary>
    public SubscriptionChange? Ask(Subscription s, WebSubSubscribeOptions? options, bool optionsDiffer, DateTimeOffset now)
    {
        var isUnderWay = s.Active is not null || (s.Pending is not null && !s.IsTidying);
        if (isUnderWay && s.State != WebSubSubscriptionState.Unsubscribing && !optionsDiffer)
            return null;

        var next = Request(s with { Options = options ?? s.Options, Reason = null, Resumes = false }, now);
        return new(
            next with
            {
                State = s.Active is not null ? WebSubSubscriptionState.Active : WebSubSubscriptionState.Pending,
            },
            WebSubChangeKind.Requested
        );
    }

    /// <summary>
    /// The app's code or configuration declares it at start. If the declaration is unchanged, everything is kept, including an explicit
    /// unsubscription.
    /// </summary>
    /// <param name="s">The subscription, whatever its origin.</param>
    /// <param name="options">The declared options.</param>
    /// <param name="declared">The same as JSON.</param>
    /// <param name="optionsDiffer">True if the subscription has other options.</param>
    /// <param name="now">The time.</param>
    public SubscriptionChange? Declare(
        Subscription s,
        WebSubSubscribeOptions options,
        string declared,
        bool optionsDiffer,
        DateTimeOffset now
    )
    {
        // Running out of attempts was not a decision: a start is a good moment to try again.
        if (s.Declared == declared)
            return s.State == WebSubSubscriptionState.Failed ? Ask(s, null, optionsDiffer: false, now) : null;
        var next = s with { Declared = declared };
        return Ask(next, options, optionsDiffer, now) ?? new(next, null);
    }

    /// <summary>The app wants the hub to be asked again now, whatever the state. A request under way starts over.</summary>
    public SubscriptionChange? Renew(Subscription s, DateTimeOffset now)
    {
        if (s.Options.IsKnownToHub)
            return null;
        var next = Request(s with { Reason = null, Resumes = false }, now);
        // What a hub was told already it may still verify.
        if (s.Pending is { IsSubscribe: true } pending)
        {
            next = next with
            {
                Pending = next.Pending! with
                {
                    Hub = pending.Hub,
                    Topic = pending.Topic,
                    CallbackKey = pending.CallbackKey,
                    CallbackUrl = pending.CallbackUrl,
                    Secret = pending.Secret,
                    LeaseSeconds = pending.LeaseSeconds,
                    SentAt = pending.SentAt,
                },
            };
        }

        return new(
            next with
            {
                State = s.Active is not null ? WebSubSubscriptionState.Active : WebSubSubscriptionState.Pending,
            },
            WebSubChangeKind.Requested
        );
    }

    /// <summary>A hub was told of the callback by other means: it is answered, and nothing is asked.</summary>
    public SubscriptionChange? Serve(Subscription s, WebSubSubscribeOptions options, DateTimeOffset now)
    {
        if (
            s.Active is { } served
            && served.CallbackUrl == options.CallbackUrl
            && served.Secret == options.Secret
            && served.LeaseEnd - now > LongestLease / 2
        )
            return null;
        return new(
            s with
            {
                Options = options,
                Resumes = false,
                State = WebSubSubscriptionState.Active,
                Active = new()
                {
                    Hub = s.Target.HubUrl ?? "",
                    Topic = s.Target.TopicName!,
                    Secret = options.Secret,
                    CallbackKey = s.Active?.CallbackUrl == options.CallbackUrl ? s.Active!.CallbackKey : settings.NewKey(),
                    CallbackUrl = options.CallbackUrl,
                    ConfirmedAt = now,
                    LeaseEnd = now + LongestLease,
                },
                Ended = null,
                Pending = null,
                Reason = null,
                ChangedAt = now,
            },
            null
        );
    }

    /// <summary>Its handler has a new name: requests it again with the callback of that name.</summary>
    public SubscriptionChange Renamed(Subscription s, string handler) => new(s with { Handler = handler }, null);

    /// <summary>
    /// The app starts again: what was ended only because it stopped is requested again. A child follows its parent's discovery.
    /// </summary>
    public SubscriptionChange? Resume(Subscription s, DateTimeOffset now) =>
        s.Resumes && s.Parent is null ? Ask(s, null, optionsDiffer: false, now) : null;

    /// <summary>
    /// The parent's discovery names its hub: what only ended with the parent or its hub, or was given up, is requested again; a denial or
    /// an explicit end stays.
    /// </summary>
    public SubscriptionChange? Kept(Subscription s, WebSubSubscribeOptions options, bool optionsDiffer, DateTimeOffset now)
    {
        var stays =
            s.State is WebSubSubscriptionState.Denied
            || (s.State is WebSubSubscriptionState.Unsubscribed or WebSubSubscriptionState.Unsubscribing && !s.Resumes);
        return stays ? null : Ask(s, options, optionsDiffer, now);
    }

    /// <summary>True if the callback the hub has is not the one it would be given now.</summary>
    public bool IsMoved(Subscription s) =>
        s.State is WebSubSubscriptionState.Pending or WebSubSubscriptionState.Active or WebSubSubscriptionState.Expired
        && (
            s.Pending is { IsSubscribe: true, CallbackUrl: { } asked } pending
                ? asked != settings.CallbackUrl(s, pending.CallbackKey!)
                : s.Pending is not { IsSubscribe: true }
                    && s.Active is { CallbackUrl: { } given } active
                    && given != settings.CallbackUrl(s, active.CallbackKey)
        );

    /// <summary>The callback URL has changed: requests it with the new one; the old one answers until that is confirmed.</summary>
    public SubscriptionChange? Moved(Subscription s, DateTimeOffset now) =>
        IsMoved(s) ? new(Request(s, now), WebSubChangeKind.Requested) : null;

    /// <summary>The app no longer wants it; or, if it resumes, not until the next start.</summary>
    public SubscriptionChange? End(Subscription s, DateTimeOffset now, bool resumes = false)
    {
        if (s.State is WebSubSubscriptionState.Unsubscribed or WebSubSubscriptionState.Unsubscribing)
            return s.Resumes && !resumes ? new(s with { Resumes = false }, null) : null;
        s = s with { Resumes = resumes };
        var known =
            s.Active is { } active ? (active.Hub, active.Topic, active.CallbackKey, active.CallbackUrl)
            : s.Pending is { SentAt: not null } sent ? (sent.Hub!, sent.Topic!, sent.CallbackKey!, sent.CallbackUrl)
            : ((string, string, string, string?)?)null;
        if (known is not var (hub, topic, key, url) || hub.Length == 0 || (resumes && s.Options.IsKnownToHub))
            return Ended(s, now, WebSubSubscriptionState.Unsubscribed, null, WebSubChangeKind.Unsubscribed);

        return new(
            s with
            {
                State = WebSubSubscriptionState.Unsubscribing,
                Pending = Unsubscribe(hub, topic, key, url, now),
                Reason = null,
                ChangedAt = now,
            },
            WebSubChangeKind.Unsubscribing
        );
    }

    /// <summary>A handler answered 410: deliveries end at once, and the hub is asked to stop in case it ignores that.</summary>
    public SubscriptionChange? Gone(Subscription s, DateTimeOffset now)
    {
        if (s.Active is not { } active)
            return null;
        var change = End(s, now) ?? new(s with { ChangedAt = now }, null);
        return change with { Next = change.Next with { Active = null, Ended = active, Replaced = LetGo(change.Next.Replaced, now) } };
    }

    /// <summary>About to send the pending request to this hub; saved before the POST (S31).</summary>
    public SubscriptionChange? Sending(Subscription s, Guid request, string hub, string topic, DateTimeOffset now)
    {
        if (s.Pending is not { } pending || pending.Id != request)
            return null;
        if (pending.IsSubscribe)
        {
            // A callback key and a secret belong to one topic at one hub (S6): they stay when that stays.
            if (
                !settings.AutofixUrls
                && (s.Active ?? (s.State == WebSubSubscriptionState.Expired ? s.Ended : null)) is { CallbackUrl: { } given } part
                && given != settings.CallbackUrl(s, part.CallbackKey)
                && !IsApproved(s, pending)
            )
            {
                return GiveUp(
                    s,
                    "Its callback URL has changed (public URL, prefix or handler name) and WebSub:Subscriber:AutofixUrls is false. "
                        + "websub fix-urls asks for the new one.",
                    now
                );
            }

            var known = Known(s, hub, topic);
            var key = known?.Key ?? settings.NewKey();
            pending = pending with
            {
                Hub = hub,
                Topic = topic,
                CallbackKey = key,
                CallbackUrl = settings.CallbackUrl(s, key),
                Secret = s.Options.Secret ?? (MayHaveSecret(s.Options, hub) ? known?.Secret ?? settings.NewSecret() : null),
                LeaseSeconds = s.Options.LeaseSeconds ?? settings.LeaseSeconds,
            };
        }

        return new(
            s with
            {
                Pending = pending with { State = WebSubRequestState.Sending, SentAt = now, Due = now + settings.VerifyWait },
                ChangedAt = now,
            },
            null
        );
    }

    /// <summary>The hub answered 2xx: it will verify (S14).</summary>
    public SubscriptionChange? Accepted(Subscription s, Guid request, DateTimeOffset now) =>
        s.Pending is { State: WebSubRequestState.Sending } pending && pending.Id == request
            ? new(
                s with
                {
                    Pending = pending with { State = WebSubRequestState.Verifying, Due = now + settings.VerifyWait },
                    ChangedAt = now,
                },
                WebSubChangeKind.Accepted
            )
            : null;

    /// <summary>The hub could not be reached or answered with an error.</summary>
    public SubscriptionChange? Failed(Subscription s, Guid request, HubResponse response, DateTimeOffset now)
    {
        if (s.Pending is not { } pending || pending.Id != request)
            return null;
        if (response.Outcome is HubOutcome.Unreachable or HubOutcome.TimedOut or HubOutcome.AddressRefused)
        {
            var failed = pending with { State = WebSubRequestState.ConnectionError, ConnectAttempts = pending.ConnectAttempts + 1 };
            return Again(s, failed, failed.ConnectAttempts >= settings.Retry.MaxConnectAttempts, response.Explanation, now);
        }

        // A refusal is final for a subscription that was never confirmed; one that was is requested again, since the hub took it before.
        var refused = response.Outcome == HubOutcome.Refused && s.Active is null && s.Ended is null;
        var wrong = pending with { State = WebSubRequestState.HubError, HubErrorAttempts = pending.HubErrorAttempts + 1 };
        return Again(
            s,
            wrong,
            refused || wrong.HubErrorAttempts >= settings.Retry.MaxHubErrorAttempts,
            response.Explanation,
            now,
            response.RetryAfter
        );
    }

    /// <summary>Discovery found no hub or no topic.</summary>
    public SubscriptionChange? NotDiscovered(
        Subscription s,
        Guid request,
        string explanation,
        DateTimeOffset now,
        TimeSpan? retryAfter = null
    )
    {
        if (s.Pending is not { } pending || pending.Id != request)
            return null;
        var failed = pending with { State = WebSubRequestState.DiscoveryError, ConnectAttempts = pending.ConnectAttempts + 1 };
        return Again(s, failed, failed.ConnectAttempts >= settings.Retry.MaxConnectAttempts, explanation, now, retryAfter);
    }

    /// <summary>The request must wait for its place among those to the same hub.</summary>
    public SubscriptionChange? Postponed(Subscription s, Guid request, DateTimeOffset until) =>
        s.Pending is { } pending && pending.Id == request ? new(s with { Pending = pending with { Due = until } }, null) : null;

    /// <summary>
    /// The hub verified the pending request or reconfirmed the active part (S15, S30), as <see cref="Callbacks.IntentVerification"/> found.
    /// </summary>
    public SubscriptionChange? Confirmed(Subscription s, string mode, string key, string topic, long? leaseSeconds, DateTimeOffset now)
    {
        if (mode == HubModes.Unsubscribe)
        {
            if (s.IsTidying)
                return new(Tidied(s), null);
            return s.Pending is null ? null : Ended(s, now, WebSubSubscriptionState.Unsubscribed, null, WebSubChangeKind.Unsubscribed);
        }

        var kind = s.Active is null ? WebSubChangeKind.Verified : WebSubChangeKind.Renewed;
        if (s.Pending is { IsSubscribe: true, SentAt: not null } pending && pending.CallbackKey == key && pending.Topic == topic)
        {
            var part = new ConfirmedPart
            {
                Hub = pending.Hub!,
                Topic = topic,
                Secret = pending.Secret,
                CallbackKey = key,
                CallbackUrl = pending.CallbackUrl,
                ConfirmedAt = now,
                LeaseEnd = now,
            };
            // The same topic at the same hub with another callback: to the hub these are two subscriptions. What it could not deliver at
            // the old one, while this app was down, it delivers there later.
            var replaced =
                s.Active is { } old && old.CallbackKey != key && old.Hub == part.Hub && old.Topic == topic
                    ? s.Replaced.Append(old with { AnswersUntil = Earlier(now + settings.CallbackGrace, old.LeaseEnd) })
                    : s.Replaced;
            return new(
                Leased(
                    s with
                    {
                        Pending = null,
                        Ended = null,
                        Replaced = [.. replaced.Where(r => r.CallbackKey != key)],
                    },
                    part,
                    leaseSeconds,
                    pending.LeaseSeconds,
                    now
                ),
                kind
            );
        }

        return s.Active is { } active
            ? new(Leased(s, active, leaseSeconds, s.Options.LeaseSeconds ?? settings.LeaseSeconds, now), kind)
            : null;
    }

    /// <summary>The hub's verification of the pending request was malformed.</summary>
    public SubscriptionChange? Malformed(Subscription s, string sentence, DateTimeOffset now)
    {
        if (s.Pending is not { IsInFlight: true } pending)
            return null;
        var failed = pending with { State = WebSubRequestState.VerificationError, VerifyAttempts = pending.VerifyAttempts + 1 };
        return Again(s, failed, failed.VerifyAttempts >= settings.Retry.MaxVerifyAttempts, sentence, now);
    }

    /// <summary>
    /// The hub asked about something else than was requested, and was told 404. For the pending request that is a failed attempt: a hub
    /// that has its 404 does not ask again.
    /// </summary>
    public SubscriptionChange? AskedOtherwise(Subscription s, string reason, bool countsAsAttempt, DateTimeOffset now)
    {
        if (countsAsAttempt && Malformed(s, reason, now) is { } failed)
            return failed;
        return new(s with { Reason = reason, ChangedAt = now }, WebSubChangeKind.VerificationRefused, reason);
    }

    /// <summary>
    /// The app's own verifier refused the pending request. A refused unsubscription does not happen: the hub continues, and so do we.
    /// </summary>
    public SubscriptionChange? Refused(Subscription s, string reason, DateTimeOffset now)
    {
        if (s is { IsEnding: true, Active: not null })
        {
            return new(
                s with
                {
                    State = WebSubSubscriptionState.Active,
                    Pending = null,
                    Resumes = false,
                    Reason = reason,
                    ChangedAt = now,
                },
                WebSubChangeKind.VerificationRefused,
                reason
            );
        }

        return s.Pending is null
            ? new(s with { Reason = reason, ChangedAt = now }, WebSubChangeKind.VerificationRefused, reason)
            : GiveUp(s, reason, now);
    }

    /// <summary>The hub answered 204 to an unsubscription: done, as PubSubHubbub 0.3 has it; it will not ask back.</summary>
    public SubscriptionChange? LetGo(Subscription s, Guid request, DateTimeOffset now) =>
        s.Pending is { IsSubscribe: false } pending && pending.Id == request
            ? Confirmed(s, HubModes.Unsubscribe, pending.CallbackKey!, pending.Topic!, null, now)
            : null;

    /// <summary>
    /// The hub denied the topic at this callback (S21): no longer possible there. A request for another callback, hub or topic leaves the
    /// confirmed part as it is.
    /// </summary>
    public SubscriptionChange? Denied(Subscription s, string key, string? reason, DateTimeOffset now)
    {
        if (s.State is WebSubSubscriptionState.Unsubscribed or WebSubSubscriptionState.Denied)
            return null;
        if (s.IsEnding)
            return Ended(s, now, WebSubSubscriptionState.Unsubscribed, reason, WebSubChangeKind.Unsubscribed);
        if (s.Active is { } active && active.CallbackKey != key)
            return GiveUp(s, reason ?? "The hub denied the new request.", now);
        return Ended(s, now, WebSubSubscriptionState.Denied, reason, WebSubChangeKind.Denied);
    }

    /// <summary>The hub reported an internal error: recorded, nothing else.</summary>
    public SubscriptionChange HubErrored(Subscription s, string? reason, DateTimeOffset now) =>
        new(s with { Reason = reason ?? "The hub reported an internal error.", ChangedAt = now }, WebSubChangeKind.HubError, reason);

    /// <summary>
    /// What the clock alone changes: a verification that did not come, the end of a lease, the start of a renewal. Called until it returns
    /// null.
    /// </summary>
    public SubscriptionChange? TimePassed(Subscription s, DateTimeOffset now)
    {
        if (s.Active is { } active && active.LeaseEnd <= now)
        {
            if (s.IsEnding)
                return Ended(
                    s,
                    now,
                    WebSubSubscriptionState.Unsubscribed,
                    "The lease ended before the hub confirmed.",
                    WebSubChangeKind.Unsubscribed
                );
            var expired = s with
            {
                State = WebSubSubscriptionState.Expired,
                Active = null,
                Ended = active,
                ChangedAt = now,
                Reason = s.Reason ?? "The lease ended before a renewal was confirmed.",
            };
            return new(s.Pending is null || s.IsTidying ? Request(expired, now) : expired, WebSubChangeKind.Expired, expired.Reason);
        }

        if (s.Pending is { IsInFlight: true } waiting && waiting.Due <= now)
        {
            var failed = waiting with { State = WebSubRequestState.VerificationTimeout, VerifyAttempts = waiting.VerifyAttempts + 1 };
            var doubt = CallbackReach.Doubt(waiting.CallbackUrl, waiting.Hub) ?? CallbackReach.Question(waiting.CallbackUrl, s.Options);
            return Again(
                s,
                failed,
                failed.VerifyAttempts >= settings.Retry.MaxVerifyAttempts,
                $"The hub {waiting.Hub} did not verify the request within {settings.VerifyWait.TotalSeconds:0.#} s. {doubt}",
                now
            );
        }

        if ((s.Pending is null || s.IsTidying) && s.Active?.RenewAt <= now)
            return new(Request(s, now), WebSubChangeKind.Requested);
        return s.Pending is null && s.Replaced.FirstOrDefault(r => r.AnswersUntil <= now) is { } done
            ? new(s with { Pending = Unsubscribe(done.Hub, done.Topic, done.CallbackKey, done.CallbackUrl, now) }, null)
            : null;
    }

    // The operator has seen the new callback URL and asked for it.
    private bool IsApproved(Subscription s, PendingRequest pending) =>
        pending is { CallbackKey: { } key, CallbackUrl: { } url } && url == settings.CallbackUrl(s, key);

    private static Subscription Request(Subscription s, DateTimeOffset now) =>
        s with
        {
            Pending = new()
            {
                Id = Guid.NewGuid(),
                Mode = HubModes.Subscribe,
                Due = now,
            },
            ChangedAt = now,
        };

    // Once, whatever came of it: its lease ends it as well.
    private static Subscription Tidied(Subscription s) =>
        s with
        {
            Replaced = [.. s.Replaced.Where(r => r.CallbackKey != s.Pending!.CallbackKey)],
            Pending = null,
        };

    private static IReadOnlyList<ConfirmedPart> LetGo(IReadOnlyList<ConfirmedPart> replaced, DateTimeOffset now) =>
        [.. replaced.Select(r => r with { AnswersUntil = Earlier(now, r.AnswersUntil) })];

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset? b) => b < a ? b.Value : a;

    private static PendingRequest Unsubscribe(string hub, string topic, string key, string? url, DateTimeOffset now) =>
        new()
        {
            Id = Guid.NewGuid(),
            Mode = HubModes.Unsubscribe,
            Hub = hub,
            Topic = topic,
            CallbackKey = key,
            CallbackUrl = url,
            Due = now,
        };

    private (string Key, string? Secret)? Known(Subscription s, string hub, string topic)
    {
        // A URL of its own is one callback, whatever is asked there; only the secret goes with hub and topic.
        if (s.Options is { CallbackUrl: { } own, AppendPath: false } && KeyOfOwn(s, own) is { } same)
            return (same, s.Active is { } at && at.Hub == hub && at.Topic == topic && !s.Options.FreshKey ? at.Secret : null);

        bool IsToday(string? url, string key) => url is null || url == settings.CallbackUrl(s, key);
        if (
            s.Pending is { CallbackKey: { } key } pending
            && pending.Hub == hub
            && pending.Topic == topic
            && IsToday(pending.CallbackUrl, key)
        )
            return (key, pending.Secret);
        if (s.Options.FreshKey)
            return null;
        // What this app or the hub ended has answered 410 at its callback and never returns there; an expired lease may.
        var part = s.Active ?? (s.State == WebSubSubscriptionState.Expired ? s.Ended : null);
        return part is not null && part.Hub == hub && part.Topic == topic && IsToday(part.CallbackUrl, part.CallbackKey)
            ? (part.CallbackKey, part.Secret)
            : null;
    }

    private static string? KeyOfOwn(Subscription s, string url) =>
        s.Pending?.CallbackUrl == url && s.Pending.CallbackKey is { } pending ? pending
        : s.Active?.CallbackUrl == url ? s.Active.CallbackKey
        : s.Ended?.CallbackUrl == url ? s.Ended.CallbackKey
        : s.Replaced.LastOrDefault(r => r.CallbackUrl == url)?.CallbackKey;

    private static bool MayHaveSecret(WebSubSubscribeOptions options, string hub) =>
        options.Signature switch
        {
            WebSubSignaturePolicy.Always => true,
            WebSubSignaturePolicy.Auto => Uri.TryCreate(hub, UriKind.Absolute, out var url)
                && (url.Scheme == Uri.UriSchemeHttps || url.IsLoopback),
            _ => false,
        };

    private static SubscriptionChange Ended(
        Subscription s,
        DateTimeOffset now,
        WebSubSubscriptionState state,
        string? reason,
        WebSubChangeKind kind
    )
    {
        var last = s.Active ?? s.Ended;
        if (last is null && s.Pending is { SentAt: not null } pending)
        {
            last = new()
            {
                Hub = pending.Hub!,
                Topic = pending.Topic!,
                CallbackKey = pending.CallbackKey!,
                CallbackUrl = pending.CallbackUrl,
                ConfirmedAt = now,
                LeaseEnd = now,
            };
        }

        return new(
            s with
            {
                State = state,
                Active = null,
                Ended = last,
                // With it end the callbacks that it has replaced: the hub is asked to let go of them too.
                Replaced = LetGo(s.Replaced, now),
                Pending = null,
                Reason = reason,
                ChangedAt = now,
            },
            kind,
            reason
        );
    }

    // A lease that is far longer than asked for would put off the renewal, and with it the discovery that a hub has forgotten us.
    private Subscription Leased(Subscription s, ConfirmedPart part, long? told, long? asked, DateTimeOffset now)
    {
        if (s.Options.IsKnownToHub)
            return s with { Active = part with { ConfirmedAt = now, LeaseEnd = now + LongestLease }, Reason = null, ChangedAt = now };
        var seconds = told ?? asked;
        var longest = Math.Min(LongestLease.TotalSeconds, (asked ?? UsualLease.TotalSeconds) * settings.MaxLeaseFactor);
        var lease = seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds.Value, longest)) : DefaultLease;
        var renewAt = BackOff.Spread(lease * settings.RenewAtFraction, RenewalSpread, settings.Chance.Next());
        return s with
        {
            State = s.IsEnding ? s.State : WebSubSubscriptionState.Active,
            Active = part with { ConfirmedAt = now, LeaseEnd = now + lease, RenewAt = now + renewAt },
            Reason = null,
            ChangedAt = now,
        };
    }

    private SubscriptionChange Again(
        Subscription s,
        PendingRequest failed,
        bool usedUp,
        string reason,
        DateTimeOffset now,
        TimeSpan? retryAfter = null
    )
    {
        if (usedUp)
            return GiveUp(s, reason, now);

        var delay = BackOff.After(settings.Retry.Delays, failed.FailedAttempts, settings.Chance.Next(), retryAfter);
        if (s.Active is { } active && retryAfter is null)
        {
            // The schedule suits leases of days; a short one must not run out while we wait.
            var bound = (active.LeaseEnd - now) / 4;
            if (bound < delay)
                delay = bound > ShortestRetry ? bound : ShortestRetry;
        }

        return new(
            s with
            {
                Pending = failed with { Due = now + delay },
                Reason = reason,
                ChangedAt = now,
            },
            WebSubChangeKind.AttemptFailed,
            reason
        );
    }

    private static SubscriptionChange GiveUp(Subscription s, string reason, DateTimeOffset now)
    {
        if (s.IsTidying)
            return new(Tidied(s), null);
        if (s.IsEnding)
            return Ended(s, now, WebSubSubscriptionState.Unsubscribed, reason, WebSubChangeKind.GaveUp);
        if (s.Active is not { } active)
            return new(
                s with
                {
                    State = WebSubSubscriptionState.Failed,
                    Pending = null,
                    Reason = reason,
                    ChangedAt = now,
                },
                WebSubChangeKind.GaveUp,
                reason
            );
        return new(
            s with
            {
                Pending = null,
                Active = active with { RenewAt = null },
                Reason = reason,
                ChangedAt = now,
            },
            WebSubChangeKind.GaveUp,
            reason
        );
    }
}
