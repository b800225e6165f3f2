namespace WebSub.LoadTests.Processes;

/// <summary>The bare endpoint that intake is compared with, as seen by the driver.</summary>
internal sealed class BareIntakeProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private BareIntakeProcess(ChildProcess process, string url) => (_process, Url) = (process, url);

    public string Url { get; }

    /// <param name="path">The file that it appends to: on the disk of the hub's database.</param>
    /// <param name="cancellationToken">Cancels the wait for it.</param>
    public static async Task<BareIntakeProcess> StartAsync(string path, CancellationToken cancellationToken)
    {
        var process = ChildProcess.StartDotNet(typeof(BareIntakeProcess).Assembly.Location, ["bare-intake", path]);
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

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
