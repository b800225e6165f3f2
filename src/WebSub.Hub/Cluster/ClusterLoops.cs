using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Cluster;

/// <summary>The background loops that only a hub with peers needs; where one process has the database, none of them is made.</summary>
internal sealed class ClusterLoops(HubDatabase database, IServiceProvider services) : IHostedService, IDisposable
{
    private readonly List<HubLoop> _loops = [];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!database.IsShared)
            return;
        _loops.AddRange([Make<ClockSyncLoop>(), Make<ClusterSignals>(), Make<DeadNodes>(), Make<WorkSweep>()]);
        foreach (var loop in _loops)
            await loop.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_loops.Select(l => l.StopAsync(cancellationToken)));

    public void Dispose()
    {
        foreach (var loop in _loops)
            loop.Dispose();
    }

    private T Make<T>()
        where T : HubLoop => ActivatorUtilities.CreateInstance<T>(services);
}
