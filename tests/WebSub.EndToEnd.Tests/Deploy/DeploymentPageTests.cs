using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Deploy;

/// <summary>
/// The settings in docs/operations/deployment.md, asked about as the page asks: from a file that a shell reads as systemd does.
/// </summary>
public sealed class DeploymentPageTests
{
    private const string Page = "docs/operations/deployment.md";
    private const string SettingsFile = "/etc/websub/hub.env";

    [Fact]
    public async Task Check_OfThePublishedSettings_FindsNoFault()
    {
        var blocks = ConsolePage.Read(Page);
        var (write, ask) = (blocks[1], blocks[2]);
        using var reader = new Reader(
            (SettingsFile, "./hub.env"),
            ("/opt/websub/WebSub.Server", $"'{Repository.DotNet}' '{Repository.Server}'")
        );

        await reader.TypeAsync(string.Join('\n', write.Select(s => s.Command)));
        var answer = await reader.TypeAsync(string.Join('\n', ask.Take(2).Select(s => s.Command)));

        Assert.Contains(answer, l => l.Contains("the hub's address is https://hub.example/hub", StringComparison.Ordinal));
    }
}
