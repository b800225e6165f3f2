using Microsoft.AspNetCore.Http;

namespace WebSub.Storage;

/// <summary>
/// Answers a request that waits for a database which does not answer. One that is stopped refuses at once; one that is frozen, or locked by
/// another program, would keep its callers for half a minute. So a request that takes longer than a second asks whether anything can be
/// written at all, and is called off if not.
/// </summary>
/// <param name="write">Writes nothing, in a transaction of its own.</param>
/// <param name="time">The clock.</param>
internal sealed class DatabasePatience(Func<CancellationToken, Task> write, TimeProvider time)
{
    /// <summary>How long an answer may take before the database is asked, and how long it may then take to say that it is there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What is called off ends, at the latest, with its connection.</summary>
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private Task<bool>? _asking;

    /// <summary>Runs a handler; its database calls must heed <see cref="HttpContext.RequestAborted"/>.</summary>
    /// <exception cref="TimeoutException">The database does not answer.</exception>
    public async Task<T> RunAsync<T>(HttpContext context, Func<Task<T>> handle)
    {
        var aborted = context.RequestAborted;
        using var calledOff = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        context.RequestAborted = calledOff.Token;
        try
        {
            return await FinishAsync(context, handle(), calledOff);
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    private async Task<T> FinishAsync<T>(HttpContext context, Task<T> handling, CancellationTokenSource calledOff)
    {
        while (!handling.IsCompleted)
        {
            await ((Task)handling).WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (handling.IsCompleted || await IsAnsweringAsync())
                continue;
            await calledOff.CancelAsync();
            await ((Task)handling).WaitAsync(LongestEnd, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (handling.IsCompletedSuccessfully)
                break;
            // Whatever still comes of it must not meet the next request of this connection.
            context.Response.Headers.Connection = "close";
            _ = handling.ContinueWith(
                t => _ = t.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
            throw new TimeoutException("The database does not answer.");
        }

        return await handling;
    }

    /// <summary>Asked once for all that want to know at the same time.</summary>
    private Task<bool> IsAnsweringAsync()
    {
        lock (_lock)
        {
            if (_asking is null or { IsCompleted: true })
                _asking = AskAsync();
            return _asking;
        }
    }

    private async Task<bool> AskAsync()
    {
        using var enough = new CancellationTokenSource(Patience, time);
        var asking = write(enough.Token);
        await asking.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return asking.IsCompletedSuccessfully;
    }
}
