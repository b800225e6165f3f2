using WebSub.Hub.Hosting;

namespace WebSub.Hub.Cluster;

/// <summary>
/// On a node that only takes in: tells the others at once what there is to do, which they would find by polling. It stands in for the loops
/// that such a node does not run.
/// </summary>
internal sealed class ForwardedSignals(HubNode node, NamedSignals signals, ClusterHints hints, HubClock time) : BackgroundService
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!node.Delivers)
            await Task.WhenAll(signals.All.Select(s => ForwardAsync(s.Key, stoppingToken)));
    }

    private async Task ForwardAsync(string name, CancellationToken stoppingToken)
    {
        while (true)
        {
            await signals.All[name].WaitAsync(LongestSleep, time, stoppingToken);
            hints.TellWork(name);
        }
    }
}
