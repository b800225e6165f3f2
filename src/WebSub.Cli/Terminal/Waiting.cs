namespace WebSub.Cli.Terminal;

/// <summary>Tells a person who is watching why nothing happens.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <inheritdoc cref="ForAsync{T}(Task{T}, Func{string}, CancellationToken)"/>
    public static Task<T> ForAsync<T>(Task<T> work, string what, CancellationToken cancellationToken) =>
        ForAsync(work, () => what, cancellationToken);

    /// <summary>
    /// Awaits the work. After two seconds a line at the bottom of the terminal says what it waits for, and since when; a note does where
    /// only errors go to a terminal, and nothing where they do not.
    /// </summary>
    public static async Task<T> ForAsync<T>(Task<T> work, Func<string> what, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        if (Console.IsErrorRedirected || await EndsAsync(Patience))
            return await work;
        if (!StatusLine.IsPossible)
        {
            Report.Note($"waiting for {what()} …");
            return await work;
        }

        try
        {
            do
            {
                var length = time.GetElapsedTime(start);
                StatusLine.Show($"waiting for {what()} … {(int)length.TotalMinutes}:{length.Seconds:00}");
            } while (!await EndsAsync(Every));
        }
        finally
        {
            StatusLine.Show("");
        }

        return await work;

        async Task<bool> EndsAsync(TimeSpan span) =>
            await Task.WhenAny(work, Task.Delay(span, time, cancellationToken)) == work || cancellationToken.IsCancellationRequested;
    }
}
