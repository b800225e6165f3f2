using WebSub.EndToEnd.Tests.Infrastructure;

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
        var details = verbose.Error.Where(l => l.StartsWith("verbose: ", StringComparison.Ordinal)).ToList();
        Assert.Equal(site.Requests.Count - before, details.Count);
        Assert.Matches($"^verbose: sent GET {url}: 30[1278], \\d+ ms$", details[0]);
        Assert.Matches($"^verbose: sent GET {site.Url(FeedSite.Atom)}: 200, \\d+ ms$", details[^1]);
        Assert.DoesNotContain(site.Requests, r => r.TraceParent.Length > 0);
    }
}
