namespace WebSub.LoadTests.Processes;

/// <summary>The subscriber library as a process, as seen by the driver.</summary>
internal sealed class SubscriberProcess : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private readonly ChildProcess _process;

    private SubscriberProcess(ChildProcess process, string callback) => (_process, Callback) = (process, callback);

    public string Callback { get; }

    public static async Task<SubscriberProcess> StartAsync(string database, CancellationToken cancellationToken)
    {
        var process = ChildProcess.StartDotNet(typeof(SubscriberProcess).Assembly.Location, ["subscriber-app", database]);
        try
        {
            return new(process, await process.ReadLineAsync(cancellationToken));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until its handler has had so many updates since the start.</summary>
    public async Task HandledAsync(int count, CancellationToken cancellationToken)
    {
        while (int.Parse(await _process.AskAsync("handled", cancellationToken)) < count)
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
