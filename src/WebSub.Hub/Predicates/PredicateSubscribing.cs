using Microsoft.Extensions.Options;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Hub.Subscribing;
using WebSub.Hub.Values;
using WebSub.Protocol;
using WebSub.Secrets;
using WebSub.Storage;

namespace WebSub.Hub.Predicates;

/// <summary>
/// Carries out a predicate subscription request at once if the callback need not be asked; otherwise stores it for verification.
/// </summary>
internal sealed class PredicateSubscribing(
    IOptions<HubOptions> options,
    HubDatabase database,
    SecretBox secrets,
    RequestStore requests,
    LaneMembership membership,
    BehindSignal behind,
    IntentSignal intent,
    HubEvents events,
    HubClock time
)
{
    /// <summary>Handles a request.</summary>
    public async Task<PredicateOutcome> HandleAsync(IncomingRequest incoming, bool verify, CancellationToken cancellationToken)
    {
        var request = incoming.Row;
        var now = DatabaseTime.Now(time);
        // All secrets of a callback are sealed for one owner, so the same secret is the same bytes.
        using var activity = WebSubHubTelemetry
            .Start(WebSubHubTelemetry.Subscribe)
            ?.SetTag("websub.mode", request.Mode)
            .SetTag("websub.topic", request.Topic)
            .SetTag("websub.callback", request.Callback);
        request = request with { Secret = secrets.Seal(incoming.Secret, "predicates", request.Callback) };
        if (!verify && request.Verdict != IntentVerdict.Denied)
            return await CarryOutAsync(request, now, cancellationToken);

        var refusal = await database.Db.ReadAsync(session => RefusalAsync(session, request, now), cancellationToken);
        if (refusal is not null)
            return refusal.Value;
        await requests.AddAsync(request, now, cancellationToken);
        intent.Raise();
        return PredicateOutcome.Accepted;
    }

    private async Task<PredicateOutcome> CarryOutAsync(RequestRow request, DatabaseTime now, CancellationToken cancellationToken)
    {
        var (outcome, topicId) = await database.Db.WriteAsync<(PredicateOutcome, TopicId?)>(
            async session =>
            {
                // Of two simultaneous requests, the second sees the first.
                await PatternStore.LockAsync(session);
                if (await RefusalAsync(session, request, now) is { } refusal)
                    return (refusal, null);
                // A newer request replaces one for the same topic and callback that still waits (rule 12).
                await RequestStore.ReplaceAsync(session, request);
                return request.Mode == HubModes.Subscribe
                    ? (
                        PredicateOutcome.Accepted,
                        await PatternStore.ActivateAsync(session, request, now, now + TimeSpan.FromSeconds(request.LeaseSeconds), now)
                    )
                    : (PredicateOutcome.Accepted, await PatternStore.DeactivateAsync(session, request.Pattern!, request.Callback, now));
            },
            cancellationToken
        );
        if (topicId is not { } changed)
            return outcome;

        membership.Changed(changed);
        behind.Raise();
        events.Tell(
            request.Mode == HubModes.Subscribe ? WebSubHubChangeKind.Subscribed : WebSubHubChangeKind.Unsubscribed,
            request.Topic,
            request.Callback
        );
        return outcome;
    }

    // A subscription that is not yet verified can be withdrawn: for its subscriber it exists.
    private async Task<PredicateOutcome?> RefusalAsync(DbSession session, RequestRow request, DatabaseTime now)
    {
        var runs = await PatternStore.FindAsync(session, request.Pattern!, request.Callback) is { } pattern && pattern.LeaseEnd > now;
        if (request.Mode == HubModes.Subscribe)
        {
            if (runs)
                return options.Value.Predicates.Duplicate == DuplicateSubscription.Conflict ? PredicateOutcome.Exists : null;
            if (await PatternStore.CountOthersAsync(session, request) >= options.Value.Predicates.MaxPerCallback)
                return PredicateOutcome.TooMany;
            return
                options.Value.Subscribing.MaxPerTopic is var max and > 0
                && await PatternStore.CountOthersOfTopicAsync(session, request, now) >= max
                ? PredicateOutcome.TopicFull
                : null;
        }

        return runs || await RequestStore.IsSubscribePendingAsync(session, request) ? null : PredicateOutcome.NotFound;
    }
}
