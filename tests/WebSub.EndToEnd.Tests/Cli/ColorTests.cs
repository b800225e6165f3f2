using System.Runtime.Versioning;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>Colours on a terminal, which <c>script</c> plays here, and nowhere else.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ColorTests
{
    private const string Bold = "\e[1mnotification  \e[0m";

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public async Task Listen_OnATerminal_HasColorsUnlessTheyAreUnwanted(string noColor, bool hasColors)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script") && OperatingSystem.IsLinux(), "There is no script of util-linux here.");
        await using var hub = await EventStreamStub.StartAsync(EventStreamStub.Entry(1, "hello"));
        var command = $"'{Repository.DotNet}' '{Repository.Cli}' listen t --hub {hub.Url} --stream --count 1";

        var result = await CliProcess.RunProgramAsync(
            "/usr/bin/script",
            ["--quiet", "--return", "--command", command, "/dev/null"],
            new Dictionary<string, string?>
            {
                ["NO_COLOR"] = noColor,
                ["TERM"] = "xterm",
                ["COLUMNS"] = null,
            }
        );

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(hasColors, result.Output.Any(l => l.Contains(Bold, StringComparison.Ordinal)));
        Assert.Equal(!hasColors, result.Output.Any(l => l.Contains("  notification  no. 1, text/plain", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Listen_OutputGoesElsewhere_HasNoColors()
    {
        await using var hub = await EventStreamStub.StartAsync(EventStreamStub.Entry(1, "hello"));

        var result = await CliProcess.RunAsync("listen", "t", "--hub", hub.Url, "--stream", "--count", "1");

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain(result.Output, l => l.Contains('\e'));
    }
}
