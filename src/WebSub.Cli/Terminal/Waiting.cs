namespace WebSub.Cli.Terminal;

/// <summary>Tells a person who is watching why nothing happens.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Awaits the work; after two seconds a note on the terminal says what it waits for.</summary>
    public static async Task<T> ForAsync<T>(Task<T> work, string what, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected)
            return await work;
        if (
            await Task.WhenAny(work, Task.Delay(Patience, TimeProvider.System, cancellationToken)) != work
            && !cancellationToken.IsCancellationRequested
        )
            Report.Note($"waiting for {what} …");
        return await work;
    }
}
