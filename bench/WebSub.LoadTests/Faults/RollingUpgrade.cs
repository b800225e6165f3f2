using System.Diagnostics;

namespace WebSub.LoadTests.Faults;

/// <summary>
/// The nodes are replaced one by one by newer ones, whose first start changes the schema while the older ones still work on it. The older
/// ones are built from the last commit before the hub's newest migration.
/// </summary>
internal sealed class RollingUpgrade : IAsyncDisposable
{
    public const string Name = "a rolling upgrade from the previous schema";
    private const string Migrations = "src/WebSub.Hub/Storage/Migrations/PostgreSql";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "websub-previous-" + Guid.NewGuid().ToString("N")[..8]);
    private string? _obstacle;

    private RollingUpgrade() { }

    /// <summary>The older server; null if it could not be had.</summary>
    public string? Server { get; private set; }

    public Fault Fault => new(Name, "the first node's end", UpgradeAsync) { Obstacle = _obstacle };

    public static async Task<RollingUpgrade> PrepareAsync(CancellationToken cancellationToken)
    {
        var upgrade = new RollingUpgrade();
        try
        {
            await upgrade.BuildAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            upgrade._obstacle = e.Message;
        }

        return upgrade;
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(_folder))
            await RunAsync("git", ["-C", Clone.Root, "worktree", "remove", "--force", _folder], CancellationToken.None);
    }

    private async Task BuildAsync(CancellationToken cancellationToken)
    {
        var newest = Directory
            .GetFiles(Path.Combine(Clone.Root, Migrations), "*.sql")
            .Select(Path.GetFileName)
            .Max(StringComparer.Ordinal)!;
        var added = await RunAsync(
            "git",
            ["-C", Clone.Root, "log", "--diff-filter=A", "--format=%H", "--", $"{Migrations}/{newest}"],
            cancellationToken
        );
        if (added.Split('\n', StringSplitOptions.RemoveEmptyEntries) is not [.., var first])
            throw new InvalidOperationException($"the history does not have the commit that added {newest}");
        await RunAsync("git", ["-C", Clone.Root, "worktree", "add", "--detach", _folder, $"{first}~1"], cancellationToken);
        await RunAsync(
            "dotnet",
            ["build", Path.Combine(_folder, "src", "WebSub.Server"), "-c", "Release", "--nologo", "-v", "q", "-p:RunAnalyzers=false"],
            cancellationToken
        );
        Server = Path.Combine(
            _folder,
            "src",
            "WebSub.Server",
            "bin",
            "Release",
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')),
            "WebSub.Server.dll"
        );
    }

    private static async Task UpgradeAsync(Strike strike)
    {
        strike.Watch();
        foreach (var node in strike.Cluster.Nodes)
        {
            await node.TerminateAsync(strike.CancellationToken);
            await node.RunAsync(strike.CancellationToken);
            await strike.WaitAsync(2);
        }
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {arguments.First()}: {(await error).Trim().Split('\n')[^1]}");
    }
}
