using Microsoft.Extensions.Logging;
using WebSub.Storage;
using WebSub.Subscriber.Storage;
using WebSub.Work;

namespace WebSub.Subscriber.Hosting;

/// <summary>
/// Shows the other processes of a PostgreSQL database that this one is alive: it holds an advisory lock under the name that is in its
/// claims, on a connection of its own, which ends with the process, however that ends.
/// </summary>
internal sealed class ProcessLife(SubscriberDatabase database, TimeProvider time, ILogger<ProcessLife> logger) : IAsyncDisposable
{
    // After a restart of the server all of them have to come back; who is first must not take the others for dead.
    private static readonly TimeSpan ForOthersToReturn = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FailureLog _failures = new(nameof(ProcessLife), time, logger);
    private Task _holding = Task.CompletedTask;
    private long _judgesFrom = long.MaxValue;

    /// <summary>Whether this process may judge which others are gone: it is seen itself, and has been for a while if it was not.</summary>
    public bool MayJudge => Volatile.Read(ref _judgesFrom) <= time.GetUtcNow().Ticks;

    /// <summary>Returns once the other processes see this one.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (database.Dialect == SqlDialect.Sqlite)
            return;
        _holding = LastingConnection.KeepAsync(
            token => database.Database.HoldAsync(ProcessKey.Of(database.ClaimOwner), Held, token),
            _failures.Report,
            time,
            _end.Token
        );
        await _first.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _holding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private void Held(bool isHeld)
    {
        var from = !isHeld ? long.MaxValue : (time.GetUtcNow() + (_first.Task.IsCompleted ? ForOthersToReturn : TimeSpan.Zero)).Ticks;
        Volatile.Write(ref _judgesFrom, from);
        if (isHeld)
            _first.TrySetResult();
    }
}
