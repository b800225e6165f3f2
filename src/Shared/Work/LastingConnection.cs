namespace WebSub.Work;

/// <summary>Maintains something that lasts as long as a database connection.</summary>
internal static class LastingConnection
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Starts it again a second after it ended; returns only when cancelled.</summary>
    /// <param name="use">Uses one connection until it ends.</param>
    /// <param name="lost">Called with the reason if it ended in a failure.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task KeepAsync(
        Func<CancellationToken, Task> use,
        Action<Exception> lost,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            try
            {
                await use(cancellationToken);
            }
#pragma warning disable CA1031 // The database is down; this goes on when it is back.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                lost(e);
            }

            await Task.Delay(AfterFailure, time, cancellationToken);
        }
    }
}
