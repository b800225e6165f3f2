using System.IO.Compression;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.EndToEnd.Tests.Packages;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>The packed tool, as a user gets it: from a folder of packages into a clean one, then used.</summary>
[Collection(InTurn.Name)]
public sealed class PackedToolTests(PackedPackages packages) : IDisposable
{
    private const int MostBytes = 15_000_000;
    private static readonly TimeSpan Patience = PackedPackages.Patience;

    // The native files of SQLite for what the README names; SQLite has them for thirty.
    private static readonly string[] Systems = ["linux-arm64", "linux-x64", "osx-arm64", "osx-x64", "win-arm64", "win-x64"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-packed-");

    [Fact]
    public async Task Tool_InstalledIntoACleanFolder_IsSmallAndWorks()
    {
        await packages.PackAsync();
        var package = packages.File("WebSub.Cli");
        var tool = await InstallAsync(package);

        Assert.InRange(new FileInfo(package).Length, 1, MostBytes);
        Assert.Equal(Systems, SystemsOf(package));
        var signed = await RunAsync(tool, "hello", "sign", "-", "--secret", "s3cret");
        Assert.Equal(["sha256=e5a01537481fa0b2c697f787c7aff885412cf0760d08e08502259b39d2d6ae68"], signed.Output);
        await UseAsHubAsync(tool);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A hub with its database, an update, and a reader.</summary>
    private async Task UseAsHubAsync(string tool)
    {
        var port = FreePort.Next();
        var hub = $"http://localhost:{port}/hub";
        await using var server = RunningProcess.Start(
            tool,
            ["hub", "--port", $"{port}", "--database", Path.Combine(_folder.FullName, "hub.db"), "--allow-private"],
            packages.Environment,
            _folder.FullName
        );
        await server.WaitForLineAsync("Now listening on", Patience);

        var published = await RunAsync(
            tool,
            "news",
            "publish",
            "http://localhost/x",
            "--hub",
            hub,
            "--content",
            "-",
            "--type",
            "text/plain"
        );
        var read = await RunAsync(tool, "", "listen", "http://localhost/x", "--hub", hub, "--stream", "--after", "0", "--count", "1");

        Assert.Equal(0, published.ExitCode);
        Assert.Equal(0, read.ExitCode);
        Assert.Contains(read.Output, l => l.Trim() == "news");
    }

    private async Task<string> InstallAsync(string package)
    {
        var tools = Path.Combine(_folder.FullName, "tools");
        var source = Path.GetDirectoryName(package)!;
        await packages.RunAsync(
            _folder.FullName,
            ["tool", "install", "WebSub.Cli", "--version", packages.Version, "--tool-path", tools, "--source", source]
        );
        return Path.Combine(tools, OperatingSystem.IsWindows() ? "websub.exe" : "websub");
    }

    private Task<CliResult> RunAsync(string tool, string input, params string[] arguments) =>
        CliProcess.RunProgramAsync(tool, arguments, packages.Environment, _folder.FullName, input, Patience);

    private static IEnumerable<string> SystemsOf(string package)
    {
        using var files = ZipFile.OpenRead(package);
        return
        [
            .. files
                .Entries.Select(e => e.FullName.Split('/'))
                .Where(path => path.Contains("native"))
                .Select(path => path[Array.IndexOf(path, "runtimes") + 1])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }
}
