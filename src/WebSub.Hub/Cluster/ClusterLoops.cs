using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>
/// The background loops that only a hub with other nodes needs; if one process owns the database, none of them is created.
/// </summary>
internal sealed class ClusterLoops(HubDatabase database, HubNode node, ClockSync clock, IServiceProvider services)
    : IHostedService,
        IDisposable
{
    private readonly List<BackgroundService> _loops = [];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!database.IsShared)
            return;
        MaintenanceTask[] tasks = [clock, Make<NodeRegistration>(), Make<DeadNodes>(), Make<WorkSweep>()];
        Func<CancellationToken, Task> ready = node.ReadyAsync;
        _loops.AddRange([Make<ClusterSignals>(), Make<ForwardedSignals>(), Make<Maintenance>(tasks, ready)]);
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

    private T Make<T>(params object[] parameters) => ActivatorUtilities.CreateInstance<T>(services, parameters);
}
