namespace WebSub.Storage;

/// <summary>
/// Cancels what waits for a database. Npgsql asks the server to end a statement, from the thread that cancels, and waits until the server
/// has closed that connection: one that is frozen would hold up whoever cancels for many seconds, once per statement. So the asking is left
/// to another thread, and what has not ended soon is left to itself.
/// </summary>
internal static class PromptCancellation
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);

    /// <summary>Runs work until it ends, or until shortly after it was cancelled.</summary>
    /// <param name="run">The work; it gets a token of its own.</param>
    /// <param name="cancellationToken">Cancels it; what is written then may be stored or not.</param>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
            return await run(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        // Not disposed: what is left to itself still looks at it.
        var source = new CancellationTokenSource();
        Task<T> running;
        await using (cancellationToken.UnsafeRegister(static s => _ = ((CancellationTokenSource)s!).CancelAsync(), source))
        {
            running = run(source.Token);
            await ((Task)running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!running.IsCompleted)
            await ((Task)running)
                .WaitAsync(LongestEnd, TimeProvider.System, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (running.IsCompleted)
            return await running;
        _ = running.ContinueWith(
            static t => _ = t.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        throw new OperationCanceledException(cancellationToken);
    }
}
