using System.Text;

namespace WebSub.LoadTests.Faults;

/// <summary>
/// Publishes updates to the topics in turn, at a steady rate, to the nodes in turn. What a node does not acknowledge is not published
/// again: its number is just not owed.
/// </summary>
internal sealed class Publisher(Cluster cluster, Ledger ledger, TimeSpan interval) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _requests = [];
    private Task _publishing = Task.CompletedTask;
    private int _update;
    private int _refused;

    /// <summary>The number that the next update will have.</summary>
    public int Next => Volatile.Read(ref _update) + 1;

    /// <summary>Updates that no node acknowledged.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public void Start() => _publishing = RunAsync();

    /// <summary>Stops, when every request has its answer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_requests);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(interval, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(_stop.Token))
            _requests.Add(PublishAsync(Interlocked.Increment(ref _update)));
    }

    private async Task PublishAsync(int update)
    {
        var topic = update % ledger.Topics.Count;
        var running = cluster.Nodes.Where(n => n.Hub is not null).ToList();
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            if (running.Count == 0)
                throw new InvalidOperationException("No node runs.");
            await running[update % running.Count]
                .Hub!.PublishAsync(ledger.Topics[topic], Encoding.ASCII.GetBytes($"{update}"), patience.Token);
            ledger.Acknowledge(update, topic);
        }
#pragma warning disable CA1031 // Whatever the node's trouble is, it has not acknowledged.
        catch (Exception)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _refused);
        }
    }
}
