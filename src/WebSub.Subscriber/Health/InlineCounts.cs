using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Health;

/// <summary>
/// Counts the deliveries that inline handlers took, for which nothing is stored, and saves the counts now and then: taking one costs no
/// statement.
/// </summary>
internal sealed class InlineCounts(HealthStore health) : MaintenanceTask(TimeSpan.FromSeconds(5))
{
    private readonly Lock _lock = new();
    private Dictionary<Guid, (long Count, DateTimeOffset Last)> _counts = [];

    /// <summary>An inline handler was given a delivery.</summary>
    public void Add(Guid subscription, DateTimeOffset at)
    {
        lock (_lock)
            _counts[subscription] = (_counts.GetValueOrDefault(subscription).Count + 1, at);
    }

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        Dictionary<Guid, (long Count, DateTimeOffset Last)> counts;
        lock (_lock)
        {
            if (_counts.Count == 0)
                return false;
            (counts, _counts) = (_counts, []);
        }

        await health.CountAsync([.. counts.Select(c => (c.Key, c.Value.Count, c.Value.Last))], cancellationToken);
        return false;
    }
}
