using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>What the guide to publishing from the shell shows is run as published, with another hub's address.</summary>
public sealed class ShellGuideTests : IDisposable
{
    private const string Topic = "https://blog.example/feed.xml";

    private const string Guide = "docs/guides/publishing-from-the-shell.md";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-shell-guide-");

    [Fact]
    public async Task Ping_AsPublished_TellsTheHubOfTheTopic()
    {
        await using var hub = await HubStub.StartAsync();

        var result = await RunAsync(Command(0), hub.Url);

        Assert.True(result.ExitCode == 0, string.Join('\n', result.Error));
        var ping = Assert.Single(hub.Requests);
        Assert.Equal("/hub", ping.Target);
        Assert.Equal("hub.mode=publish&hub.topic=https%3A%2F%2Fblog.example%2Ffeed.xml", Encoding.UTF8.GetString(ping.Body));
    }

    [Fact]
    public async Task Push_AsPublished_SendsTheContentWithTheKey()
    {
        await using var hub = await HubStub.StartAsync();

        var result = await RunAsync(Command(1), hub.Url);

        Assert.True(result.ExitCode == 0, string.Join('\n', result.Error));
        var push = Assert.Single(hub.Requests);
        Assert.Equal("/hub?hub.mode=publish&hub.topic=https://blog.example/temperature", push.Target);
        Assert.Equal("Bearer k3y", push.Authorization);
        Assert.Equal("text/plain", push.ContentType);
        Assert.Equal("21.5", Encoding.UTF8.GetString(push.Body));
    }

    [Fact]
    public async Task CronScript_FileChangesTwice_PingsTwice()
    {
        await using var hub = await HubStub.StartAsync();
        var script = WriteScript();
        var feed = Path.Combine(_folder.FullName, "feed.xml");

        foreach (var content in new[] { "one", "one", "two", "two" })
        {
            await File.WriteAllTextAsync(feed, content);
            Assert.Equal(0, (await PingAsync(script, feed, hub)).ExitCode);
        }

        Assert.Equal(2, hub.Requests.Count);
    }

    [Fact]
    public async Task CronScript_HubRefuses_TriesAgainAtTheNextRun()
    {
        await using var hub = await HubStub.StartAsync(status: 503);
        var script = WriteScript();
        var feed = Path.Combine(_folder.FullName, "feed.xml");
        await File.WriteAllTextAsync(feed, "one");

        var first = await PingAsync(script, feed, hub);
        var second = await PingAsync(script, feed, hub);

        Assert.NotEqual(0, first.ExitCode);
        Assert.NotEqual(0, second.ExitCode);
        Assert.Equal(2, hub.Requests.Count);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<CliResult> RunAsync(string command, string hub) =>
        CliProcess.RunProgramAsync(
            "bash",
            ["-c", command.Replace("https://hub.example/hub", hub, StringComparison.Ordinal)],
            new Dictionary<string, string?> { ["KEY"] = "k3y" }
        );

    private static string Command(int number) => Assert.Single(ConsolePage.Read(Guide)[number]).Command;

    private Task<CliResult> PingAsync(string script, string feed, HubStub hub) =>
        CliProcess.RunProgramAsync("sh", [script, feed, Topic, hub.Url], new Dictionary<string, string?> { ["HOME"] = _folder.FullName });

    private string WriteScript()
    {
        var file = Path.Combine(_folder.FullName, "ping-hub.sh");
        var script = File.ReadLines(Path.Combine(Repository.Root, Guide)).SkipWhile(l => l != "```sh").Skip(1).TakeWhile(l => l != "```");
        File.WriteAllLines(file, script);
        return file;
    }
}
