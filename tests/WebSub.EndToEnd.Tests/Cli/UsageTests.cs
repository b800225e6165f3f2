using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>
/// What a beginner types: help where it is expected, otherwise one clear sentence on stderr and exit code 2, never a stack trace.
/// </summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("sign", "--help")]
    [InlineData("verify", "-h")]
    [InlineData("discover", "--help")]
    [InlineData("listen", "--help")]
    [InlineData("publish", "--help")]
    [InlineData("hub", "--help")]
    public async Task Help_AnyCommand_FitsATerminal(params string[] arguments)
    {
        var result = await CliProcess.RunAsync(arguments);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.Output, line => line.StartsWith("  websub ", StringComparison.Ordinal));
        Assert.All(result.Output, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task Version_IsThatOfTheRepository()
    {
        var result = await CliProcess.RunAsync("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", Assert.Single(result.Output));
    }

    [Theory]
    [InlineData("websub: Required command was not provided. See websub --help.")]
    [InlineData("websub: Unrecognized command or argument 'subscribe'. See websub --help.", "subscribe")]
    [InlineData("websub: Unrecognized command or argument '--verbose'. See websub sign --help.", "sign", "x", "--secret", "y", "--verbose")]
    [InlineData("websub: Required argument missing for option: '--secret'. See websub sign --help.", "sign", "x", "--secret")]
    [InlineData("websub: Required argument missing for command: 'discover'. See websub discover --help.", "discover")]
    [InlineData(
        "websub: URL \"blog.example\" must be an absolute http or https URL; did you mean https://blog.example? See websub discover "
            + "--help.",
        "discover",
        "blog.example"
    )]
    [InlineData(
        "websub: URL \"ftp://blog.example/\" must be an absolute http or https URL. See websub discover --help.",
        "discover",
        "ftp://blog.example/"
    )]
    [InlineData(
        "websub: URL \"https://blog.example/a b\" contains a space or a control character; percent-encode it. See websub discover --help.",
        "discover",
        "https://blog.example/a b"
    )]
    public async Task Mistake_IsOneSentenceAndExitCode2(string complaint, params string[] arguments)
    {
        var result = await CliProcess.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Equal(complaint, result.Complaint);
    }
}
