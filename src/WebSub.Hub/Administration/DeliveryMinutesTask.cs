using WebSub.Work;

namespace WebSub.Hub.Administration;

/// <summary>Looks every two seconds whether a minute is over in which this node has sent anything.</summary>
internal sealed class DeliveryMinutesTask(DeliveryMinutes minutes) : MaintenanceTask(TimeSpan.FromSeconds(2))
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await minutes.StoreAsync(cancellationToken);
        return false;
    }
}
