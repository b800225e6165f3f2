using Microsoft.Extensions.Options;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Storage;
using WebSub.Storage;

namespace WebSub.Hub.Delivery;

/// <summary>Decides and saves how an attempt of a subscription that is behind ended.</summary>
internal sealed class BehindSettlement(IOptions<HubOptions> options, SubscriptionStore subscriptions, BehindSignal signal, TimeProvider time, ILogger<BehindSettlement> logger)
{
    /// <param name="attempt">The attempt.</param>
    /// <param name="attempts">Failed attempts of the same entry before it.</param>
    /// <param name="epoch">The claim it was made under.</param>
    /// <param name="outcome">How it ended.</param>
    public void Settle(Attempt attempt, long attempts, long epoch, DeliveryOutcome outcome) => _ = SettleAsync(attempt, attempts, epoch, outcome);

    private async Task SettleAsync(Attempt attempt, long attempts, long epoch, DeliveryOutcome outcome)
    {
        var row = attempt.Target.Row;
        try
        {
            var now = UnixMicroseconds.Now(time);
            if (Decide(attempt, attempts, epoch, outcome, now) is { } save) await subscriptions.SaveBehindAsync(save, now, CancellationToken.None);
            else await subscriptions.EndGoneAsync(row.Id, CancellationToken.None);
            signal.Raise();
        }
#pragma warning disable CA1031 // Its due time stands: it will be tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.OutcomeNotSaved(logger, e, row.Callback);
        }
    }

    private BehindSave? Decide(Attempt attempt, long attempts, long epoch, DeliveryOutcome outcome, long now)
    {
        var row = attempt.Target.Row;
        var sequence = attempt.Entry.Sequence;
#pragma warning disable CA5394 // Jitter needs no cryptography.
        var decision = DeliveryTransitions.Decide(outcome, attempts, options.Value.Delivery.RetrySeconds, Random.Shared.NextDouble());
#pragma warning restore CA5394
        return decision switch
        {
            DeliveryDecision.Advance => new(row.Id, epoch, sequence, 0, null, now, null, null, null),
            DeliveryDecision.Retry retry => new(row.Id, epoch, sequence - 1, retry.Attempts, now + UnixMicroseconds.From(retry.After), now, outcome.Status, outcome.Error, null),
            DeliveryDecision.GiveUp giveUp => new(row.Id, epoch, sequence, 0, null, now, outcome.Status, outcome.Error, new(row.TopicId, row.Id, row.Callback, sequence, giveUp.Attempts, outcome.Status, outcome.Error)),
            _ => null,
        };
    }
}
