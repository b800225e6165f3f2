using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary><c>--verbose</c>: what is sent and received, on stderr, beside the same result.</summary>
public sealed class VerboseTests
{
    [Fact]
    public async Task Verbose_Discover_ShowsEachRequestAndChangesNoneOfThem()
    {
        await using var site = await FeedSite.StartAsync("http://localhost:9/hub");
        var url = site.Url(FeedSite.Moved);

        var quiet = await CliProcess.RunAsync("discover", url);
        var before = site.Requests.Count;
        var verbose = await CliProcess.RunAsync("discover", url, "--verbose");

        Assert.Equal(quiet.Output, verbose.Output);
        var details = Verbose(verbose.Error);
        Assert.Equal(site.Requests.Count - before, details.Count);
        Assert.Matches($"^verbose: sent GET {url}: 30[1278], \\d+ ms$", details[0]);
        Assert.Matches($"^verbose: sent GET {site.Url(FeedSite.Atom)}: 200, \\d+ ms$", details[^1]);
        Assert.DoesNotContain(site.Requests, r => r.TraceParent.Length > 0);
    }

    [Fact]
    public async Task Verbose_Publish_ShowsTheHubAndItsAnswerAndNoKey()
    {
        await using var hub = await HubStub.StartAsync();

        var result = await CliProcess.RunAsync("publish", "news", "--hub", $"{hub.Url}?token=t0ken", "--api-key", "wsk_k3y", "--verbose");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("Bearer wsk_k3y", Assert.Single(hub.Requests).Authorization);
        Assert.Matches($"^verbose: sent POST {hub.Url}\\?\\*: 202, \\d+ ms$", Verbose(result.Error).Single());
        Assert.DoesNotContain(
            result.Error,
            l => l.Contains("t0ken", StringComparison.Ordinal) || l.Contains("k3y", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Verbose_Listen_ShowsWhatIsSentAndReceivedAndNeitherSecretNorKey()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start(
            "http://localhost/news",
            "--hub",
            hub.Url,
            "--secret",
            "s3cr3t-of-this-test",
            "--api-key",
            "wsk_k3y",
            "--count",
            "1",
            "--verbose"
        );

        var request = await hub.NextRequestAsync();
        await hub.VerifyAsync(request);
        await hub.DeliverAsync(request, "an update");
        await hub.VerifyAsync(await hub.NextRequestAsync());

        Assert.Equal(0, await listen.Process.WaitForExitAsync());
        var error = listen.Process.Lines.Where(l => l.IsError).Select(l => l.Text).ToList();
        var details = Verbose(error);
        Assert.Equal(2, details.Count(l => l.StartsWith($"verbose: sent POST {hub.Url}: 202, ", StringComparison.Ordinal)));
        Assert.Equal(2, details.Count(l => l.StartsWith("verbose: received GET /websub/listen/", StringComparison.Ordinal)));
        Assert.Single(details, l => l.StartsWith("verbose: received POST /websub/listen/", StringComparison.Ordinal));
        var key = new Uri(request.Callback).Segments[^1];
        Assert.DoesNotContain(
            error,
            l => new[] { "s3cr3t", "k3y", key, "hub.challenge" }.Any(s => l.Contains(s, StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task Verbose_Sign_ShowsNoSecret()
    {
        var file = Path.GetTempFileName();
        try
        {
            var result = await CliProcess.RunAsync("sign", file, "--secret", "s3cr3t-of-this-test", "--verbose");

            Assert.Equal(0, result.ExitCode);
            Assert.DoesNotContain(result.Output.Concat(result.Error), l => l.Contains("s3cr3t", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static List<string> Verbose(IEnumerable<string> error) =>
        [.. error.Where(l => l.StartsWith("verbose: ", StringComparison.Ordinal))];
}
