using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary><c>websub hub</c> in a separate process, on a free port, with a database in its own folder.</summary>
internal sealed class CliHub : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-hub-");
    private readonly RunningProcess _process;

    private CliHub(int port, string[] settings)
    {
        Url = $"http://localhost:{port}/hub";
        _process = RunningProcess.Start(
            Repository.DotNet,
            [
                Repository.Cli,
                "hub",
                "--port",
                $"{port}",
                "--database",
                Path.Combine(_folder.FullName, "hub.db"),
                "--allow-private",
                .. settings,
            ]
        );
    }

    /// <summary>The hub's endpoint.</summary>
    public string Url { get; }

    /// <summary>What it wrote so far.</summary>
    public RunningProcess Process => _process;

    public static async Task<CliHub> StartAsync(params string[] settings)
    {
        var hub = new CliHub(FreePort.Next(), settings);
        await hub._process.WaitForLineAsync("Now listening on");
        return hub;
    }

    /// <summary>
    /// Waits until a subscription has begun: only then do pings have an effect. The subscriber knows a moment earlier.
    /// </summary>
    public Task SubscribedAsync() => _process.WaitForLineAsync(" subscribe of .* verified");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
