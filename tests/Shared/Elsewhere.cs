namespace WebSub.TestSupport;

/// <summary>For what happens in another process, which tells nobody: it has to be looked for.</summary>
internal static class Elsewhere
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns once this holds.</summary>
    /// <exception cref="OperationCanceledException">It did not come to hold.</exception>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await holds())
            await Task.Delay(Look, TimeProvider.System, deadline.Token);
    }
}
