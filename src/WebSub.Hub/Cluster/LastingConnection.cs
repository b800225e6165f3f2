namespace WebSub.Hub.Cluster;

/// <summary>Keeps up something that lasts as long as a connection to the database does.</summary>
internal static class LastingConnection
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Does it again, a second later, whenever it has ended; returns only by being cancelled.</summary>
    /// <param name="use">Uses one connection until that ends.</param>
    /// <param name="lost">Told why it ended, if that was a failure.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task KeepAsync(
        Func<CancellationToken, Task> use,
        Action<string> lost,
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
#pragma warning disable CA1031 // The database is away: as soon as it is back, so are we.
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                lost(e.Message);
            }

            await Task.Delay(AfterFailure, time, cancellationToken);
        }
    }
}
