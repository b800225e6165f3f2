using WebSub.LoadTests.Faults;

namespace WebSub.LoadTests.Soaking;

/// <summary>Subscribers that come and go, ten a second each; what fails while the database is away is tried no more.</summary>
internal sealed class Churn(Cluster cluster, Ledger ledger) : IAsyncDisposable
{
    private const int Kept = 200;
    private const int AtOnce = 2;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _begun;

    /// <summary>How many have come.</summary>
    public int Begun => Volatile.Read(ref _begun);

    public void Start() => _running = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            var hub = cluster.Nodes[0].Hub!;
            try
            {
                await hub.SubscribeAsync(Some(_begun), _stop.Token);
                if (_begun >= Kept)
                    await hub.UnsubscribeAsync(Some(_begun - Kept), _stop.Token);
            }
            catch (Exception e) when (e is InvalidOperationException or HttpRequestException)
            {
                // The database is away.
            }

            Interlocked.Add(ref _begun, AtOnce);
        }
    }

    private IEnumerable<Subscription> Some(int from) =>
        Enumerable
            .Range(from, AtOnce)
            .Select(i => new Subscription(ledger.Topics[i % ledger.Topics.Count], $"{cluster.SubscribersUrl}/coming/{i}", "secret"));
}
