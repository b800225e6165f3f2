namespace WebSub.LoadTests.Faults;

/// <summary>What a fault needs to come true.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Watch">Said at the moment from which it counts how long deliveries take to resume.</param>
/// <param name="CancellationToken">Ends it.</param>
internal sealed record Strike(Cluster Cluster, Action Watch, CancellationToken CancellationToken)
{
    public Task WaitAsync(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, CancellationToken);
}
