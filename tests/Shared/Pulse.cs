using System.Collections.Concurrent;

namespace WebSub.TestSupport;

/// <summary>
/// Something that happens again and again, such as a commit; a test looks after each time whether what it waits for is there.
/// </summary>
internal sealed class Pulse
{
    private static readonly ConcurrentDictionary<string, Pulse> Named = new(StringComparer.Ordinal);
    private TaskCompletionSource _next = NewSource();

    /// <summary>The commits to one database, from whichever app of the test they come.</summary>
    public static Pulse OfCommits(string connectionString) => Named.GetOrAdd(connectionString, _ => new());

    public void Beat() => Interlocked.Exchange(ref _next, NewSource()).TrySetResult();

    /// <summary>Returns once this holds; it is looked at now and after each beat.</summary>
    /// <exception cref="TimeoutException">It did not come to hold.</exception>
    public async Task UntilAsync(Func<Task<bool>> holds, TimeSpan deadline)
    {
        using var end = new CancellationTokenSource(deadline);
        while (true)
        {
            var next = Volatile.Read(ref _next).Task;
            if (await holds())
                return;
            await next.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!next.IsCompleted)
                throw new TimeoutException("What the test waits for has not come.");
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
