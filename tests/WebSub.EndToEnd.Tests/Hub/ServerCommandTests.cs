using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>What the server answers without serving: <c>--help</c>, <c>--version</c>, <c>check</c>.</summary>
public sealed class ServerCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-command-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("--help", "WebSub.Server check")]
    [InlineData("--version", "^[0-9]+\\.[0-9]+\\.[0-9]+")]
    public async Task Question_IsAnsweredAndNothingStarts(string argument, string expected)
    {
        var result = await RunAsync(argument);

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(expected, string.Join('\n', result.Output));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task UnknownCommand_IsRefused()
    {
        var result = await RunAsync("chek");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("\"chek\"", result.Complaint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NewDatabase_CreatesNothing()
    {
        var result = await RunAsync("check");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.Output, l => l.Contains("the hub's address is http://localhost:5080/hub", StringComparison.Ordinal));
        Assert.Contains(result.Output, l => l.Contains("does not exist yet; the next start creates it", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Check_BesideTheRunningHub_FindsItsDatabaseInOrderAndLeavesItAlone()
    {
        await using var sink = await CallbackSink.StartAsync();
        await using var hub = await HubProcess.StartAsync($"Data Source={_folder}/hub.db");

        var result = await RunAsync("check", "--ConnectionStrings:WebSub", $"Data Source={_folder}/hub.db");
        var callback = await hub.SubscribeAsync(sink, "http://topics.example/");
        await hub.PushAsync(callback.Topic, "still at work");
        await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.Output, l => l.Contains("can be read and written, and is up to date", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("WebSub:Hub:Lease:MinSeconds", "--WebSub:Hub:Lease:MinSeconds", "soon")]
    [InlineData("WebSub:Hub:PublicUrl", "--urls", "http://*:5080")]
    [InlineData("cannot be created", "--ConnectionStrings:WebSub", "Data Source=missing/folder/hub.db")]
    [InlineData("PostgreSQL", "--ConnectionStrings:WebSub", "postgres://hub@127.0.0.1:1/hub")]
    public async Task Check_Fault_IsNamedAndFails(string expected, params string[] settings)
    {
        var result = await RunAsync(["check", .. settings]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(result.Error, l => l.Contains(expected, StringComparison.Ordinal));
    }

    private Task<CliResult> RunAsync(params string[] arguments) =>
        CliProcess.RunProgramAsync(Repository.DotNet, [Repository.Server, .. arguments], workingDirectory: _folder);
}
