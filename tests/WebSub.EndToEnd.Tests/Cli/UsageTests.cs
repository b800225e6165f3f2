using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>
/// What a beginner types: help where it is expected, otherwise one clear sentence on stderr and exit code 2, never a stack trace.
/// </summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Help_OfEveryCommand_FitsTheTerminalAndShowsExamples(int columns)
    {
        var commands = await CommandsAsync();
        Assert.Contains("websub check subscriber", commands);
        Assert.Contains("websub keys disable", commands);

        await Parallel.ForEachAsync(
            commands,
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
            async (command, _) =>
            {
                var result = await RunAsync(columns, [.. command.Split(' ').Skip(1), "--help"]);

                Assert.Equal(0, result.ExitCode);
                Assert.Contains(result.Output, line => line.StartsWith($"  {command}", StringComparison.Ordinal));
                Assert.Contains("Examples:", result.Output);
                Assert.All(result.Output, line => Assert.True(line.Length <= columns && line == line.TrimEnd(), $"{command}: {line}"));
            }
        );
    }

    [Fact]
    public async Task Help_OfAll_NamesEachCommandThatHasHelp()
    {
        var commands = await CommandsAsync();
        var alone = await CliProcess.RunAsync();
        var asked = await CliProcess.RunAsync("--help");

        Assert.Equal(0, alone.ExitCode);
        Assert.Equal(asked.Output, alone.Output);
        Assert.Empty(alone.Error);
        Assert.Equal(
            commands.Select(c => c.Split(' ')).Where(c => c.Length == 2).Select(c => c[1]).Order(),
            asked
                .Output.SkipWhile(l => l != "Commands:")
                .Skip(1)
                .TakeWhile(l => l.Length > 0)
                .Where(l => l[2] != ' ')
                .Select(l => l.Trim().Split(' ')[0])
                .Order()
        );
    }

    [Fact]
    public async Task Version_IsThatOfTheRepository()
    {
        var result = await CliProcess.RunAsync("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", Assert.Single(result.Output));
    }

    [Theory]
    [InlineData("websub: Unrecognized command or argument 'frobnicate'. See websub --help.", "frobnicate")]
    [InlineData("websub: Unrecognized command or argument 'subscribe'; did you mean listen? See websub --help.", "subscribe")]
    [InlineData("websub: Unrecognized command or argument 'pubish'; did you mean publish? See websub --help.", "pubish", "http://x/")]
    [InlineData(
        "websub: Unrecognized command or argument '--public-ulr'; did you mean --public-url? See websub listen --help.",
        "listen",
        "http://x/",
        "--public-ulr",
        "http://y/"
    )]
    [InlineData(
        "websub: Unrecognized command or argument '--jsno'; did you mean --json? See websub sign --help.",
        "sign",
        "x",
        "--secret",
        "y",
        "--jsno"
    )]
    [InlineData(
        "websub: --method \"sha265\" must be sha1, sha256, sha384 or sha512; did you mean sha256? See websub sign --help.",
        "sign",
        "x",
        "--secret",
        "y",
        "--method",
        "sha265"
    )]
    [InlineData(
        "websub: --scope \"publsh\" must be publish, read or administer; did you mean publish? See websub keys create --help.",
        "keys",
        "create",
        "blog",
        "--scope",
        "read",
        "publsh"
    )]
    [InlineData(
        "websub: SHELL \"bsh\" must be bash, zsh, fish or pwsh; did you mean bash? See websub completion --help.",
        "completion",
        "bsh"
    )]
    [InlineData("websub: --secret needs a value: --secret <TEXT>. See websub sign --help.", "sign", "x", "--secret")]
    [InlineData(
        "websub: discover needs <URL>, for example \"websub discover https://blog.example/\". See websub discover --help.",
        "discover"
    )]
    [InlineData(
        "websub: check hub needs <URL>, for example \"websub check hub http://localhost:5080/hub\". See websub check hub --help.",
        "check",
        "hub"
    )]
    [InlineData("websub: check needs one of hub, publisher, subscriber. See websub check --help.", "check")]
    [InlineData("websub: keys needs one of create, list, disable. See websub keys --help.", "keys")]
    [InlineData(
        "websub: URL \"localhost:5080/hub\" must be an absolute http or https URL; did you mean http://localhost:5080/hub? See websub "
            + "check hub --help.",
        "check",
        "hub",
        "localhost:5080/hub"
    )]
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

    /// <summary>Every command as it is typed, from the tree of commands itself.</summary>
    private static async Task<IReadOnlyList<string>> CommandsAsync()
    {
        var reference = await CliProcess.RunAsync("[reference:commands]");
        return
        [
            "websub",
            .. reference.Output.Where(l => l.StartsWith("## websub ", StringComparison.Ordinal)).Select(l => l["## ".Length..]),
        ];
    }

    private static Task<CliResult> RunAsync(int columns, params string[] arguments) =>
        CliProcess.RunAsync(arguments, new Dictionary<string, string?> { ["COLUMNS"] = $"{columns}" });
}
