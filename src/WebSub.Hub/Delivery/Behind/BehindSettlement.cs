using Microsoft.Extensions.Options;
using WebSub.Hub.Delivery.Sending;
using WebSub.Hub.Diagnostics;
using WebSub.Hub.Hosting;
using WebSub.Hub.Signals;
using WebSub.Hub.Storage;
using WebSub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Delivery.Behind;

/// <summary>Saves what becomes of subscriptions that are behind, and tells of what was given up or is over.</summary>
internal sealed class BehindSettlement(
    IOptions<HubOptions> options,
    BehindStore behind,
    BehindSignal signal,
    DeliveryReports reports,
    Chance chance,
    HubClock time,
    ILogger<BehindSettlement> logger
)
{
    /// <summary>Saves how an attempt ended.</summary>
    /// <param name="row">The subscription as it was claimed.</param>
    /// <param name="sequence">The entry it was sent.</param>
    /// <param name="outcome">How that ended.</param>
    public void Settle(SubscriptionRow row, long sequence, DeliveryOutcome outcome) => _ = SettleAsync(row, sequence, outcome);

    /// <summary>Saves where a subscription stands; what that gives up is reported if it counts.</summary>
    public async Task SaveAsync(SubscriptionRow row, BehindSave save, DatabaseTime now, CancellationToken cancellationToken)
    {
        var saved = await behind.SaveAsync(save, now, cancellationToken);
        if (saved.Counts && save.DeadLetter is { } letter)
            reports.GivenUp(row.TopicUrl, letter);
        if (saved.HasCaughtUp)
            reports.CaughtUp(row);
    }

    private async Task SettleAsync(SubscriptionRow row, long sequence, DeliveryOutcome outcome)
    {
        try
        {
            var now = DatabaseTime.Now(time);
            if (BehindTransitions.Decide(row, sequence, outcome, options.Value.Delivery.RetryDelays, now, chance.Next()) is { } save)
                await SaveAsync(row, save, now, CancellationToken.None);
            else if (await behind.EndGoneAsync(row.Id, row.Epoch, row.Version, now, CancellationToken.None))
                reports.Gone(row, outcome.Error);
            signal.Raise();
        }
#pragma warning disable CA1031 // Its due time stands: it will be tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.OutcomeNotSaved(logger, e, row.Callback);
        }
    }
}
