using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Testing;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>Options of <c>websub listen</c> that show in what the hub is asked, and what is kept of them.</summary>
public sealed class ListenOptionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-listen-option-");

    [Theory]
    [InlineData("async")]
    [InlineData("async", "--verify", "async")]
    [InlineData("sync", "--verify", "sync")]
    [InlineData(null, "--verify", "none")]
    public async Task Verify_IsWhatOldHubsAreTold(string? sent, params string[] options)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start(["http://localhost/x", "--hub", hub.Url, "--json", .. options]);

        var request = await hub.NextRequestAsync();

        Assert.Equal(sent, request.Fields["hub.verify"]);
    }

    [Fact]
    public async Task Lease_ThatTheHubDoesNotRenew_EndsAndThatIsTold()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var listen = ListenProcess.Start("http://localhost/x", "--hub", hub.Url, "--json");
        await hub.VerifyAsync(await hub.NextRequestAsync(), leaseSeconds: 1);

        // The renewal is taken, and verified too late.
        var renewal = await hub.NextRequestAsync();
        var expired = await listen.WaitForAsync("expired");
        await hub.VerifyAsync(renewal, leaseSeconds: 500);
        await listen.Process.WaitForLineAsync("\"leaseSeconds\":500,");

        Assert.Equal("http://localhost/x", expired.GetProperty("topic").GetString());
        Assert.Contains("lease", expired.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApiKey_IsOfThisRun_AndNotInTheDatabase()
    {
        var file = Path.Combine(_folder.FullName, "listen.db");
        await using var hub = await FakeHub.StartAsync();
        string[] arguments = ["http://localhost/x", "--hub", hub.Url, "--json", "--database", file];
        await using (var first = ListenProcess.Start([.. arguments, "--api-key", "the-first-key"]))
        {
            await hub.VerifyAsync(await hub.NextRequestAsync());
            await first.WaitForAsync("verified");
            first.Process.Kill();
        }

        await using var second = ListenProcess.Start([.. arguments, "--api-key", "the-second-key"]);
        await second.Process.WaitForLineAsync("^note: resumed the subscription");
        await second.Process.InterruptAsync();
        await hub.VerifyAsync(await hub.NextRequestAsync());
        await second.Process.WaitForExitAsync();

        Assert.Equal(
            [("subscribe", "Bearer the-first-key"), ("unsubscribe", "Bearer the-second-key")],
            hub.Requests.Select(r => (r.Mode, r.Headers["Authorization"]))
        );
        Assert.All(
            _folder.GetFiles(),
            f => Assert.DoesNotContain("-key", Encoding.Latin1.GetString(File.ReadAllBytes(f.FullName)), StringComparison.Ordinal)
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
