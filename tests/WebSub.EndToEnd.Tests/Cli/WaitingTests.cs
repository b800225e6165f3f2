using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>What takes long says on a terminal what it waits for, and nothing where the output goes elsewhere.</summary>
public sealed class WaitingTests
{
    private static readonly Dictionary<string, string?> Terminal = new() { ["TERM"] = "xterm", ["COLUMNS"] = "100" };

    [Fact]
    public async Task Discover_OfASlowSite_ShowsWhatItWaitsFor()
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await LoopbackServer.StartAsync(c => seen.Task.WaitAsync(c.RequestAborted));
        await using var discover = OnATerminal($"discover {site.Url}/");

        await discover.WaitForLineAsync($"waiting for {site.Url}/ … 0:0[2-9]");
        seen.SetResult();

        Assert.Equal(1, await discover.WaitForExitAsync());
    }

    [Fact]
    public async Task Listen_UntilTheHubAsksBack_ShowsWhatItWaitsFor()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = OnATerminal($"listen http://localhost/x --hub {hub.Url} --count 1");
        var request = await hub.NextRequestAsync();

        await listen.WaitForLineAsync("waiting for the hub to ask back … 0:0[2-9]");
        await hub.VerifyAsync(request);
        await listen.WaitForLineAsync("verified");
        await hub.DeliverAsync(request, "an update");
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.WaitForExitAsync());
    }

    [Fact]
    public async Task Redeliver_WhileTheHubIsAtIt_ShowsHowFarItIs()
    {
        await using var api = (await HubApiStub.StartAsync())
            .On("POST /dead-letters/redeliver", """{"id":"a1","doneAt":null,"affected":0}""", 202)
            .On("GET /actions/a1", """{"id":"a1","doneAt":null,"affected":340}""");
        await using var redeliver = OnATerminal($"dead-letters redeliver --all --hub {api.Hub}");

        await redeliver.WaitForLineAsync($"waiting for {api.Url}, action a1: 340 so far … 0:0[2-9]");
        api.On("GET /actions/a1", """{"id":"a1","doneAt":"2026-11-26T12:00:00Z","affected":900}""");

        Assert.Equal(0, await redeliver.WaitForExitAsync());
        Assert.Contains(redeliver.Lines, l => l.Text.Contains("dead letters sent again (action a1): 900", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(" 2>/dev/null")]
    [InlineData(" 2>&1 | cat")]
    public async Task Redeliver_WhereErrorsGoElsewhere_ShowsNothingMeanwhile(string more)
    {
        await using var api = (await HubApiStub.StartAsync())
            .On("POST /dead-letters/redeliver", """{"id":"a1","doneAt":null,"affected":0}""", 202)
            .On("GET /actions/a1", """{"id":"a1","doneAt":null,"affected":340}""");
        await using var redeliver = OnATerminal($"dead-letters redeliver --all --hub {api.Hub}{more}");

        Assert.Equal(0, await redeliver.WaitForExitAsync());

        Assert.Contains(redeliver.Lines, l => l.Text.Contains("will carry it out", StringComparison.Ordinal));
        Assert.DoesNotContain(redeliver.Lines, l => l.Text.Contains("waiting for", StringComparison.Ordinal));
    }

    private static RunningProcess OnATerminal(string command)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script") && OperatingSystem.IsLinux(), "There is no script of util-linux here.");
        return RunningProcess.Start(
            "/usr/bin/script",
            ["--quiet", "--return", "--command", $"'{Repository.DotNet}' '{Repository.Cli}' {command}", "/dev/null"],
            Terminal
        );
    }
}
