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

    /// <param name="origins">How many origins it has.</param>
    /// <param name="authority">
    /// Where it writes the certificate of its own authority: each origin is then a host on TLS. Null means plain HTTP on a port each.
    /// </param>
    /// <param name="cancellationToken">Cancels the wait for it.</param>
    public static async Task<ReceiverProcess> StartAsync(int origins, string? authority, CancellationToken cancellationToken)
    {
        string[] arguments = ["receiver", $"{origins}"];
        var process = ChildProcess.StartDotNet(
            typeof(ReceiverProcess).Assembly.Location,
            authority is null ? arguments : [.. arguments, authority]
        );
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
    public Task<long> CompletedAtAsync(CancellationToken cancellationToken, TimeSpan? patience = null) =>
        CompletedAtAsync(r => r.IsClean, patience ?? Patience, cancellationToken);

    /// <summary>Waits for the expected deliveries, of which some may come twice in a row.</summary>
    /// <exception cref="InvalidOperationException">Something is missing or wrong, so the number would mean nothing.</exception>
    public Task<long> CompletedWithRepeatsAsync(CancellationToken cancellationToken) =>
        CompletedAtAsync(r => (r with { Duplicates = 0 }).IsClean, Patience, cancellationToken);

    /// <summary>From now on every delivery is remembered, until <see cref="ArrivalsAsync"/>.</summary>
    public Task RecordAsync(CancellationToken cancellationToken) => _process.AskAsync("record", cancellationToken);

    /// <summary>What was remembered, in the order of arrival.</summary>
    public async Task<IReadOnlyList<Arrival>> ArrivalsAsync(CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<List<Arrival>>(await _process.AskAsync("arrivals", cancellationToken))!;

    /// <summary>Waits until so many deliveries have come since the count began.</summary>
    public async Task CountedAsync(int count, CancellationToken cancellationToken)
    {
        while (int.Parse(await _process.AskAsync("count", cancellationToken)) < count)
            cancellationToken.ThrowIfCancellationRequested();
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

    private async Task<long> CompletedAtAsync(Func<ReceivedReport, bool> isClean, TimeSpan patience, CancellationToken cancellationToken)
    {
        var report = JsonSerializer.Deserialize<ReceivedReport>(
            await _process.AskAsync($"wait {patience.TotalSeconds}", cancellationToken)
        )!;
        return report.IsComplete && isClean(report)
            ? report.CompletedAt
            : throw new InvalidOperationException($"The receiver did not get what it should: {report}");
    }

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
