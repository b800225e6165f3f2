using System.Text.RegularExpressions;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Http;

namespace WebSub.EndToEnd.Tests.Demo;

/// <summary><c>samples/Demo</c>, which <c>./demo.sh</c> runs: the whole way of an update, and a good end. README.md shows it.</summary>
public sealed partial class DemoTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-demo-test-");

    private static string Program => Repository.Program("samples", "Demo");

    [Fact]
    public async Task Once_AllGoesWell_ShowsWhatTheReadmeShows()
    {
        var expected = ConsolePage.Read("README.md").SelectMany(b => b).Single(s => s.Command == "./demo.sh --once").Output;

        var result = await CliProcess.RunProgramAsync(Repository.DotNet, [Program, "--once"], Environment(), deadline: Patience);

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Equal(Steady(expected), Steady(result.Output));
        Assert.Equal(expected.Where(IsRenewal).Select(WithoutNumbers), result.Output.Where(IsRenewal).Select(WithoutNumbers).Distinct());
        Assert.All(result.Output, line => Assert.True(line.Length <= 80, line));
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task UntilCtrlC_Terminated_UnsubscribesAndCleansUp()
    {
        await using var demo = ServerProcess.Start(Program, [], Environment());
        await demo.WaitForLineAsync("^ .* delivered ");

        await demo.TerminateAsync();

        Assert.Equal(0, await demo.WaitForExitAsync());
        Assert.Contains(demo.Lines, line => line.Text.Contains(" unsubscribed ", StringComparison.Ordinal));
        Assert.DoesNotContain(demo.Lines, line => line.IsError);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task UntilCtrlC_Dashboard_IsAtThePrintedAddress_WithoutSigningIn()
    {
        await using var demo = ServerProcess.Start(Program, [], Environment());
        await demo.WaitForLineAsync("^ .* delivered ");
        var printed = demo.Lines.Single(line => line.Text.StartsWith("dashboard ", StringComparison.Ordinal)).Text.Split(' ')[^1];
        var topic = demo.Lines.Single(line => line.Text.StartsWith("publisher ", StringComparison.Ordinal)).Text.Split(' ')[^1];
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        // As a browser does, which follows the redirect to the directory.
        using var bare = await http.GetAsync(new Uri(printed), TestContext.Current.CancellationToken);
        var overview = await http.GetStringAsync(new Uri(printed + "/"), TestContext.Current.CancellationToken);
        var topics = await http.GetStringAsync(new Uri(printed + "/topics"), TestContext.Current.CancellationToken);
        var script = overview.Split('"').First(p => p.StartsWith("assets/blazor", StringComparison.Ordinal));
        using var asset = await http.GetAsync(new Uri($"{printed}/{script}"), TestContext.Current.CancellationToken);

        Assert.Equal("dashboard/", $"{bare.Headers.Location}");
        Assert.Contains("Nothing is wrong.", overview, StringComparison.Ordinal);
        Assert.Contains(topic, topics, StringComparison.Ordinal);
        Assert.True(asset.IsSuccessStatusCode);
        await demo.TerminateAsync();
        Assert.Equal(0, await demo.WaitForExitAsync());
        Assert.DoesNotContain(demo.Lines, line => line.IsError);
    }

    [Fact]
    public async Task Once_EndedTooEarly_FailsAndNamesWhatIsMissing()
    {
        await using var demo = ServerProcess.Start(Program, ["--once"], Environment());
        await demo.WaitForLineAsync("^ .* verified ");

        await demo.InterruptAsync();

        Assert.Equal(1, await demo.WaitForExitAsync());
        Assert.Matches(@"^Not observed: (published \(\d of 3\), )?delivered \(\d of 3\), renewed\.$", demo.Lines[^1].Text);
    }

    [Fact]
    public async Task Mistake_IsBadUsage()
    {
        var result = await CliProcess.RunProgramAsync(Repository.DotNet, [Program, "--twice"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal("Unknown option --twice; --help lists them.", result.Complaint);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Dictionary<string, string?> Environment() => new() { ["TMPDIR"] = _folder.FullName, ["HOME"] = _folder.FullName };

    // Ports and times differ; so does the moment of the renewal, which the clock decides.
    private static IEnumerable<string> Steady(IEnumerable<string> lines) => lines.Where(l => !IsRenewal(l)).Select(WithoutNumbers);

    private static bool IsRenewal(string line) => line.Contains(" renewed ", StringComparison.Ordinal);

    private static string WithoutNumbers(string line) => TimeAndPort().Replace(line, "#");

    [GeneratedRegex(@"^ *\d+\.\d(?=  )|(?<=localhost:)\d+", RegexOptions.None, 1000)]
    private static partial Regex TimeAndPort();
}
