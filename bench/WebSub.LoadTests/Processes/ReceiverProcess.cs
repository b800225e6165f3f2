using System.Text.Json;
using WebSub.LoadTests.Receiving;

namespace WebSub.LoadTests.Processes;

/// <summary>The receiver, as seen by the driver.</summary>
internal sealed class ReceiverProcess : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly ChildProcess _process;
    private readonly string[] _origins;

    private ReceiverProcess(ChildProcess process, string[] origins) => (_process, _origins) = (process, origins);

    public static async Task<ReceiverProcess> StartAsync(int origins, CancellationToken cancellationToken)
    {
        var process = ChildProcess.StartDotNet(typeof(ReceiverProcess).Assembly.Location, ["receiver", $"{origins}"]);
        try
        {
            return new(process, (await process.ReadLineAsync(cancellationToken)).Split(' '));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>The URL of a callback on one of the receiver's origins.</summary>
    public string Callback(int callback, int origin = 0, string kind = "") => $"{_origins[origin]}/{kind}{callback}";

    /// <summary>Starts a new count.</summary>
    public Task ExpectAsync(int count, CancellationToken cancellationToken) => _process.AskAsync($"expect {count}", cancellationToken);

    /// <summary>Waits for the expected deliveries.</summary>
    /// <exception cref="InvalidOperationException">Something is missing or wrong, so the number would mean nothing.</exception>
    public async Task<long> CompletedAtAsync(CancellationToken cancellationToken)
    {
        var report = JsonSerializer.Deserialize<ReceivedReport>(
            await _process.AskAsync($"wait {Patience.TotalSeconds}", cancellationToken)
        )!;
        return report is { IsComplete: true, IsClean: true }
            ? report.CompletedAt
            : throw new InvalidOperationException($"The receiver did not get what it should: {report}");
    }

    /// <summary>How many challenges have been answered since the start.</summary>
    public async Task<int> ChallengesAsync(CancellationToken cancellationToken) =>
        int.Parse(await _process.AskAsync("challenges", cancellationToken));

    /// <summary>Waits until so many challenges have been answered since the start.</summary>
    public Task ChallengedAsync(int count, CancellationToken cancellationToken) => ReachedAsync("challenges", count, cancellationToken);

    /// <summary>Waits until so many deliveries are held.</summary>
    public Task HeldAsync(int count, CancellationToken cancellationToken) => ReachedAsync("held", count, cancellationToken);

    /// <summary>Ends everything slow or held. Returns the time, on the monotonic clock.</summary>
    public async Task<long> ReleaseAsync(CancellationToken cancellationToken) =>
        long.Parse(await _process.AskAsync("release", cancellationToken));

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task ReachedAsync(string what, int count, CancellationToken cancellationToken)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (int.Parse(await _process.AskAsync(what, cancellationToken)) is var reached && reached < count)
        {
            if (TimeProvider.System.GetUtcNow() > until)
                throw new InvalidOperationException($"The receiver has seen {reached} {what}; {count} were expected.");
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }
}
