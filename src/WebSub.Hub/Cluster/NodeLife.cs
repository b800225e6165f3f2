using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Work;

namespace WebSub.Hub.Cluster;

/// <summary>
/// Shows the other nodes of a PostgreSQL database that this one is alive: it holds an advisory lock under its name on a dedicated
/// connection, which ends with the process, however that ends (rule 26).
/// </summary>
internal sealed class NodeLife(HubDatabase database, ClockSync clock, HubClock time, ILogger<NodeLife> logger) : INodeLife, IAsyncDisposable
{
    private const long Never = long.MaxValue;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _holding = Task.CompletedTask;
    private long _seenSince = Never;

    /// <inheritdoc/>
    public bool IsSeen => Volatile.Read(ref _seenSince) != Never;

    /// <inheritdoc/>
    public bool Covers(Timestamp claimedAt) => claimedAt.Ticks >= Volatile.Read(ref _seenSince);

    /// <summary>Returns once the other nodes see this one and its clock is corrected.</summary>
    public async Task BeginAsync(string node, CancellationToken cancellationToken)
    {
        _holding = HoldAsync(NodeKey.Of(node) ?? throw new ArgumentException("This is not the name of a node.", nameof(node)));
        await _first.Task.WaitAsync(cancellationToken);
        await clock.MeasureAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _holding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private Task HoldAsync(long key) =>
        LastingConnection.KeepAsync(
            token => database.Db.HoldAsync(key, Held, token),
            e => Diagnostics.Log.SessionLost(logger, e.Message),
            time,
            _end.Token
        );

    private void Held(bool isHeld)
    {
        Volatile.Write(ref _seenSince, isHeld ? time.GetTimestamp() : Never);
        if (isHeld)
            _first.TrySetResult();
    }
}
