using System.Text.Json;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.EndToEnd.Tests.Publisher;
using WebSub.EndToEnd.Tests.Subscriber;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>
/// <c>websub check</c>: our own hub, publisher and subscriber conform, and what is none does not. <c>CONFORMANCE_REPORTS=FOLDER</c> keeps
/// the reports on ours: hub.html, publisher.html and subscriber.html.
/// </summary>
public sealed class CheckCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-check-").FullName;

    private string Reports => Environment.GetEnvironmentVariable("CONFORMANCE_REPORTS") is { Length: > 0 } kept ? kept : _folder;

    [Fact]
    public async Task CheckHub_OfOurs_PassesEveryCheckAndWritesTheReports()
    {
        var (html, json) = (Path.Combine(Reports, "hub.html"), Path.Combine(_folder, "hub.json"));
        await using var hub = await HubProcess.StartAsync(
            HubProcess.Sqlite,
            ("WebSub:Hub:Lease:MinSeconds", "1"),
            ("WebSub:Hub:Delivery:RetrySeconds", "1,2,3")
        );

        var result = await CliProcess.RunProgramAsync(
            Repository.DotNet,
            [Repository.Cli, "check", "hub", hub.Url, "--strict", "--long", "--report", html, "--report", json],
            deadline: TimeSpan.FromMinutes(3)
        );

        Assert.True(result.ExitCode == 0, string.Join('\n', result.Output));
        Assert.Matches("^[4-9][0-9] passed, 0 failed, 11 skipped\\. Every MUST that was checked is met\\.$", result.Output[^1]);
        Assert.Contains("Every MUST that was checked is met.", await File.ReadAllTextAsync(html), StringComparison.Ordinal);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        Assert.Equal(hub.Url, report.RootElement.GetProperty("target").GetString());
        Assert.DoesNotContain("a+secret+of", await File.ReadAllTextAsync(json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHub_OfAPageThatIsNoHub_FailsAndSaysWhy()
    {
        await using var page = await LoopbackServer.StartAsync(_ => Task.CompletedTask);

        var result = await CliProcess.RunAsync("check", "hub", page.Url, "--only", "H9", "--only", "h10", "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(result.Output, l => l.Contains("it answered 200 instead of 202", StringComparison.Ordinal));
        Assert.Equal("""{"passed":0,"failed":2,"skipped":1,"isConformant":false}""", result.Output[^1]);
    }

    [Theory]
    [InlineData(0, "1 passed, 1 failed, 0 skipped. Every MUST that was checked is met.")]
    [InlineData(
        1,
        "1 passed, 1 failed, 0 skipped. Every MUST that was checked is met, but not every SHOULD, which fails a strict check.",
        "--strict"
    )]
    [InlineData(1, """{"passed":1,"failed":1,"skipped":0,"isConformant":false}""", "--strict", "--json")]
    public async Task CheckHub_ThatMissesAShould_FailsIfStrictAndSaysSo(int exitCode, string sum, params string[] options)
    {
        await using var hub = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = 400;
            return Task.CompletedTask;
        });

        var result = await CliProcess.RunAsync(["check", "hub", hub.Url, "--only", "H10", .. options]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(sum, result.Output[^1]);
    }

    [Fact]
    public async Task CheckHub_OnlyOfWhatIsNotRun_FailsAndSaysThatNothingWasChecked()
    {
        var (html, xml) = (Path.Combine(_folder, "hub.html"), Path.Combine(_folder, "hub.xml"));
        var url = $"http://localhost:{FreePort.Next()}/hub";

        var result = await CliProcess.RunAsync("check", "hub", url, "--only", "H29", "--only", "H3", "--report", html, "--report", xml);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("0 passed, 0 failed, 3 skipped. Nothing was checked; the reason stands with each check.", result.Output[^1]);
        Assert.Contains("Nothing was checked;", await File.ReadAllTextAsync(html), StringComparison.Ordinal);
        Assert.Contains("<error message=\"Nothing was checked;", await File.ReadAllTextAsync(xml), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHub_Interrupted_ReportsWhatRanAndFails()
    {
        var json = Path.Combine(_folder, "hub.json");
        await using var silent = await LoopbackServer.StartAsync(c =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, c.RequestAborted)
        );
        await using var check = RunningProcess.Start(
            Repository.DotNet,
            [Repository.Cli, "check", "hub", silent.Url, "--only", "H9", "--only", "H29", "--report", json]
        );
        await check.WaitForLineAsync("^H29 .* skipped .*\\(§7, SHOULD\\)$");

        await check.InterruptAsync();

        Assert.Equal(1, await check.WaitForExitAsync());
        Assert.Equal(
            "0 passed, 0 failed, 3 skipped. Stopped before the end; what did not end counts as skipped.",
            check.Lines.Last(l => !l.IsError).Text
        );
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        Assert.True(report.RootElement.GetProperty("wasStopped").GetBoolean());
        Assert.Equal(
            ["not run to its end: the run was stopped"],
            report
                .RootElement.GetProperty("results")
                .EnumerateArray()
                .Where(r => r.GetProperty("requirement").GetProperty("id").GetString() == "H9")
                .Select(r => r.GetProperty("reason").GetString())
        );
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" --json", false)]
    [InlineData(" 2>/dev/null", false)]
    [InlineData(" | cat", false)]
    public async Task CheckPublisher_OnATerminal_ShowsHowFarItIs(string more, bool isShown)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script") && OperatingSystem.IsLinux(), "There is no script of util-linux here.");
        await using var page = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        var command = $"'{Repository.DotNet}' '{Repository.Cli}' check publisher {page.Url} --only D1 --only D8 --only P3{more}";

        var result = await CliProcess.RunProgramAsync(
            "/usr/bin/script",
            ["--quiet", "--return", "--command", command, "/dev/null"],
            new Dictionary<string, string?> { ["TERM"] = "xterm", ["COLUMNS"] = "100" }
        );

        Assert.Equal(
            isShown,
            result.Output.Any(l => l.Contains("2 of 3 checks ended, 1 failed, 0:0", StringComparison.Ordinal))
                && result.Output.Any(l => l.Contains("; waiting for P3", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task CheckHub_WhereNothingIs_SaysItOnce()
    {
        var result = await CliProcess.RunAsync("check", "hub", $"http://localhost:{FreePort.Next()}/hub", "--only", "H7", "--only", "H20");

        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Output, l => l.Contains("Connection refused", StringComparison.Ordinal));
        Assert.Equal("The 4 others that failed say the same.", result.Output[^2]);
    }

    [Fact]
    public async Task CheckPublisher_WhereNothingIs_SaysThatNothingPassed()
    {
        var result = await CliProcess.RunAsync("check", "publisher", $"http://localhost:{FreePort.Next()}/", "--only", "P1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            result.Output,
            l => l.Contains("Nothing passed: is a publisher there, and is it running?", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Check_WithAReportThatCannotBeWritten_SaysSoBeforeItBegins()
    {
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "report.html");

        var result = await CliProcess.RunAsync("check", "hub", $"http://localhost:{FreePort.Next()}/hub", "--report", file);

        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(result.Error, l => l.Contains(file, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://hub.example/", "", "hub.example cannot reach the topics and callbacks of this check")]
    [InlineData("http://localhost:1/", "--report=x.pdf", "--report \"x.pdf\" must end in .html, .json or .xml.")]
    [InlineData("http://localhost:1/", "--only=K9", "--only \"K9\" is no check of a hub; they are H1, H2, H3")]
    [InlineData("hub.example", "--strict", "did you mean https://hub.example")]
    public async Task CheckHub_WithAMistake_IsRefusedBeforeAnythingIsSent(string url, string option, string words)
    {
        var result = await CliProcess.RunAsync(["check", "hub", url, .. option.Length > 0 ? [option] : Array.Empty<string>()]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(result.Error, l => l.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/", "page.html", "17 passed, 0 failed, 9 skipped. Every MUST that was checked is met.")]
    [InlineData("/feed", "publisher.html", "16 passed, 0 failed, 10 skipped. Every MUST that was checked is met.")]
    public async Task CheckPublisher_OfOursAtOurHubAndTheChecks_PassesEveryCheckAndIsChanged(string path, string report, string sum)
    {
        var port = FreePort.Next();
        await using var hub = await HubProcess.StartAsync(HubProcess.Sqlite);
        await using var blog = await PublisherProcess.StartAsync(
            "FeedPublisher",
            _folder,
            ("WebSub:Publisher:Hubs", $"{hub.Url},http://localhost:{port}/hub"),
            ("WebSub:Publisher:PublicUrl", "")
        );

        var result = await CliProcess.RunProgramAsync(
            Repository.DotNet,
            [
                Repository.Cli,
                "check",
                "publisher",
                blog.Url + path,
                "--strict",
                "--port",
                $"{port}",
                "--change",
                $"curl -sS -d Hello {blog.Url}/posts",
                "--report",
                Path.Combine(Reports, report),
            ],
            deadline: TimeSpan.FromMinutes(2)
        );

        Assert.True(result.ExitCode == 0, string.Join('\n', result.Output));
        Assert.Equal(sum, result.Output[^1]);
        Assert.Contains(
            result.Output,
            l => l.StartsWith("P5 ", StringComparison.Ordinal) && l.Contains(" passed ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task CheckPublisher_OfOursThatNamesTheChecksHub_SeesItsPing()
    {
        var port = FreePort.Next();
        await using var blog = await PublisherProcess.StartAsync(
            "FeedPublisher",
            _folder,
            ("WebSub:Publisher:Hubs", $"http://localhost:{port}/hub"),
            ("WebSub:Publisher:PublicUrl", "")
        );

        var result = await CliProcess.RunProgramAsync(
            Repository.DotNet,
            [
                Repository.Cli,
                "check",
                "publisher",
                $"{blog.Url}/feed",
                "--only",
                "P2",
                "--port",
                $"{port}",
                "--change",
                $"curl -sS -d Hello {blog.Url}/posts",
            ],
            deadline: TimeSpan.FromMinutes(2)
        );

        Assert.True(result.ExitCode == 0, string.Join('\n', result.Output));
        Assert.Contains(result.Output, l => l.Trim() == $"seen: POST http://localhost:{port}/hub with hub.mode=publish");
    }

    [Fact]
    public async Task CheckPublisher_OfAPageWithoutLinks_FailsAndSaysWhy()
    {
        await using var page = await LoopbackServer.StartAsync(_ => Task.CompletedTask);

        var result = await CliProcess.RunAsync("check", "publisher", page.Url);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(result.Output, l => l.Contains("with no Link header", StringComparison.Ordinal));
        Assert.Matches(", 1 failed, [0-9]+ skipped\\. The publisher does not conform: one MUST is not met\\.", result.Output[^1]);
    }

    [Theory]
    [InlineData("https://blog.example/", "The hubs of blog.example cannot reach the callbacks of this check", "--wait")]
    [InlineData("http://localhost:1/", "--change and --wait exclude each other", "--wait", "--change=true")]
    [InlineData("http://localhost:1/", "--only \"H1\" is no check of a publisher; they are D1, D2, D3", "--only=H1")]
    public async Task CheckPublisher_WithAMistake_IsRefusedBeforeAnythingIsSent(string url, string words, params string[] options)
    {
        var result = await CliProcess.RunAsync(["check", "publisher", url, .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(result.Error, l => l.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CheckSubscriber_OfOurs_PassesEveryCheckAndKeepsSecrets()
    {
        var json = Path.Combine(_folder, "subscriber.json");
        await using var app = await SubscribingApp.StartAsync(_folder);

        var result = await CliProcess.RunProgramAsync(
            Repository.DotNet,
            [
                Repository.Cli,
                "check",
                "subscriber",
                "--strict",
                "--long",
                "--trigger",
                $"curl -sS -X POST \"{app.Url}/subscriptions?url={{topic}}\"",
                "--unsubscribe",
                $"curl -sS -X DELETE \"{app.Url}/subscriptions?url=$WEBSUB_TOPIC\"",
                "--received",
                $"curl -sS {app.Url}/received",
                "--report",
                json,
                "--report",
                Path.Combine(Reports, "subscriber.html"),
            ],
            deadline: TimeSpan.FromMinutes(6)
        );

        Assert.True(result.ExitCode == 0, string.Join('\n', result.Output));
        Assert.Equal("48 passed, 0 failed, 16 skipped. Every MUST that was checked is met.", result.Output[^1]);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json));
        Assert.Equal(app.Url, report.RootElement.GetProperty("target").GetString());
        Assert.Contains("hub.secret=***", await File.ReadAllTextAsync(json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckSubscriber_WhoseTriggerFails_FailsAndSaysWhy()
    {
        var result = await CliProcess.RunAsync("check", "subscriber", "--trigger", "exit 3", "--only", "D7", "--only", "S16");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(result.Output, l => l.Contains("the command of --trigger ended with exit code 3", StringComparison.Ordinal));
        Assert.Equal(
            "0 passed, 1 failed, 1 skipped. The subscriber does not conform: one MUST is not met. "
                + "Nothing passed: is a subscriber there, and is it running?",
            result.Output[^1]
        );
    }

    [Theory]
    [InlineData("--trigger is empty.", "--trigger", " ")]
    [InlineData("--only \"H1\" is no check of a subscriber; they are D7, D9-atom", "--only", "H1")]
    public async Task CheckSubscriber_WithAMistake_IsRefusedBeforeAnythingIsServed(string words, string option, string value)
    {
        var result = await CliProcess.RunAsync("check", "subscriber", option, value);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(result.Error, l => l.Contains(words, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
