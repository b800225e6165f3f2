using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>websub hub</c>: the server, with short options for the most common settings.</summary>
public sealed class HubCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-hub-command-");

    [Fact]
    public async Task Hub_ShortOptionsAndSettings_AllReachTheServer()
    {
        var port = FreePort.Next();
        await using var hub = RunningProcess.Start(
            Repository.DotNet,
            [
                Repository.Cli,
                "hub",
                "--port",
                $"{port}",
                "--database",
                "hub; 1.db",
                "--allow-private",
                "--WebSub:Hub:PublicUrl",
                "https://hub.example/x",
                "--WebSub:Hub:Lease:MinSeconds=7",
            ],
            workingDirectory: _folder.FullName
        );
        await hub.WaitForLineAsync("Now listening on");
        await using var sink = await CallbackSink.StartAsync();

        var callback = await sink.SubscribeAsync($"http://localhost:{port}/hub", $"http://localhost:{port}/topic", leaseSeconds: 1);

        Assert.True(File.Exists(Path.Combine(_folder.FullName, "hub; 1.db")));
        Assert.Equal("7", callback.Verifications[0]["hub.lease_seconds"]);
    }

    [Fact]
    public async Task Hub_Terminated_EndsInGoodOrder()
    {
        await using var hub = await CliHub.StartAsync();

        await hub.Process.TerminateAsync();

        Assert.Equal(0, await hub.Process.WaitForExitAsync());
    }

    [Fact]
    public async Task Hub_PortInUse_IsOneSentence()
    {
        await using var hub = await CliHub.StartAsync();
        var port = new Uri(hub.Url).Port;

        var result = await CliProcess.RunAsync(["hub", "--port", $"{port}"], environment: null, _folder.FullName);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{port}", result.Complaint, StringComparison.Ordinal);
        Assert.Contains("--urls http://localhost:PORT", result.Complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "websub: '--prot' is neither an option nor a setting such as --WebSub:Hub:PublicUrl; did you mean --port? See websub hub --help.",
        "--prot",
        "8080"
    )]
    [InlineData(
        "websub: '--public-url' is neither an option nor a setting such as --WebSub:Hub:PublicUrl. See websub hub --help.",
        "--public-url",
        "https://x/"
    )]
    [InlineData(
        "websub: '--PublicUrl=https://x/' is neither an option nor a setting such as --WebSub:Hub:PublicUrl; did you mean "
            + "--WebSub:Hub:PublicUrl? See websub hub --help.",
        "--PublicUrl=https://x/"
    )]
    [InlineData(
        "websub: '--WebSb:Hub:PublicUrl' is neither an option nor a setting such as --WebSub:Hub:PublicUrl; did you mean "
            + "--WebSub:Hub:PublicUrl? See websub hub --help.",
        "--WebSb:Hub:PublicUrl",
        "https://x/"
    )]
    [InlineData(
        "websub: '--Hub:PublicUrl' is neither an option nor a setting such as --WebSub:Hub:PublicUrl; did you mean "
            + "--WebSub:Hub:PublicUrl? See websub hub --help.",
        "--Hub:PublicUrl",
        "https://x/"
    )]
    [InlineData("websub: '8080' is neither an option nor a setting such as --WebSub:Hub:PublicUrl. See websub hub --help.", "8080")]
    [InlineData(
        "websub: --WebSub:Storage:KeyRing needs a value. See websub hub --help.",
        "--database",
        "h.db",
        "--WebSub:Storage:KeyRing",
        "--port",
        "1"
    )]
    [InlineData(
        "websub: --WebSub:Storage:KeyRing needs a value. See websub hub --help.",
        "--WebSub:Storage:KeyRing",
        "--port",
        "1",
        "keys"
    )]
    [InlineData("websub: --WebSub:Storage:KeyRing needs a value. See websub hub --help.", "--port", "1", "--WebSub:Storage:KeyRing")]
    [InlineData(
        "websub: --WebSub:Storage:KeyRing needs a value. See websub hub --help.",
        "--WebSub:Storage:KeyRing",
        "--WebSub:Hub:PublicUrl",
        "https://x/"
    )]
    [InlineData("websub: --port \"80800\" must be a whole number from 1 to 65535. See websub hub --help.", "--port", "80800")]
    public async Task Hub_Mistake_IsBadUsage(string complaint, params string[] arguments)
    {
        var result = await CliProcess.RunAsync(["hub", .. arguments], environment: null, _folder.FullName);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(complaint, result.Complaint);
    }

    [Fact]
    public async Task Hub_BadSetting_NamesIt()
    {
        var result = await CliProcess.RunAsync(["hub", "--WebSub:Hub:Lease:MinSeconds", "soon"], environment: null, _folder.FullName);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(result.Error, line => line.Contains("WebSub:Hub:Lease:MinSeconds is \"soon\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hub_MisspelledSetting_IsToldWhichOneWasMeant()
    {
        var result = await CliProcess.RunAsync(["hub", "--WebSub:Hub:Lease:MinSecond", "7"], environment: null, _folder.FullName);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(result.Error, line => line.Contains("did you mean WebSub:Hub:Lease:MinSeconds?", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
