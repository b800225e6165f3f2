using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Lanes;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Events;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Delivery.Behind;

/// <summary>Decides and saves how an attempt of a subscription that is behind ended.</summary>
internal sealed class BehindSettlement(
    IOptions<HubOptions> options,
    BehindStore behind,
    BehindSignal signal,
    HubEvents events,
    HubClock time,
    ILogger<BehindSettlement> logger
)
{
    /// <param name="attempt">The attempt.</param>
    /// <param name="before">The row as it was claimed; null for a straggler, whose attempt is the first.</param>
    /// <param name="epoch">The claim it was made under.</param>
    /// <param name="outcome">How it ended.</param>
    public void Settle(Attempt attempt, SubscriptionRow? before, long epoch, DeliveryOutcome outcome) =>
        _ = SettleAsync(attempt, before, epoch, outcome);

    private async Task SettleAsync(Attempt attempt, SubscriptionRow? before, long epoch, DeliveryOutcome outcome)
    {
        var row = attempt.Target.Row;
        try
        {
            var now = UnixMicroseconds.Now(time);
            if (Decide(attempt, before, epoch, outcome, now) is { } save)
            {
                if (
                    await behind.SaveAsync(save with { Version = row.Version }, now, CancellationToken.None)
                    && save.DeadLetter is { } letter
                )
                    events.Tell(WebSubHubChangeKind.UpdateGivenUp, letter.TopicId, letter.Callback, letter.Error);
            }
            else if (await behind.EndGoneAsync(row.Id, epoch, row.Version, now, CancellationToken.None))
            {
                events.Tell(WebSubHubChangeKind.Gone, row.TopicId, row.Callback, outcome.Error);
            }

            signal.Raise();
        }
#pragma warning disable CA1031 // Its due time stands: it will be tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.OutcomeNotSaved(logger, e, row.Callback);
        }
    }

    private BehindSave? Decide(Attempt attempt, SubscriptionRow? before, long epoch, DeliveryOutcome outcome, long now)
    {
        var row = attempt.Target.Row;
        var sequence = attempt.Entry.Sequence;
        var isExtra = before?.RetryAt > now;
        var history = new DeliveryHistory(
            before?.Attempts ?? 0,
            before?.Answered ?? 0,
            NewerWaits: before?.Head > sequence,
            isExtra,
            before?.Paused
        );
        var answered = history.Answered + (outcome.IsAboutContent ? 1 : 0);
        var decision = DeliveryTransitions.Decide(outcome, history, options.Value.Delivery.RetryDelays, LaneRunServices.Random());
        return decision switch
        {
            DeliveryDecision.Advance => new(row.Id, epoch, sequence, 0, null, now, null, null, null),
            DeliveryDecision.Retry retry => new(
                row.Id,
                epoch,
                row.WantsLatest && row.Position is { } stays ? stays : sequence - 1,
                retry.Attempts,
                Math.Max(now + UnixMicroseconds.From(retry.After), isExtra ? before!.RetryAt!.Value : 0),
                now,
                outcome.Status,
                outcome.Error,
                null
            )
            {
                Answered = answered,
                HeadAtClaim = before?.HeadAtClaim ?? sequence,
                NotBefore = outcome.RetryAfter is null ? null : now + UnixMicroseconds.From(retry.After),
            },
            DeliveryDecision.GiveUp giveUp => new(
                row.Id,
                epoch,
                sequence,
                0,
                null,
                now,
                outcome.Status,
                outcome.Error,
                new(row.TopicId, row.Id, row.Callback, sequence, giveUp.Attempts, outcome.Status, outcome.Error)
            ),
            _ => null,
        };
    }
}
