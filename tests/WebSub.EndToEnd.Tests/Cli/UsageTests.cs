using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>
/// What a beginner types: help where it is expected, otherwise one clear sentence on stderr and exit code 2, never a stack trace.
/// </summary>
public sealed class UsageTests
{
    private static readonly string[] Commands =
    [
        "discover",
        "listen",
        "publish",
        "hub",
        "sign",
        "verify",
        "topics",
        "subscribers",
        "dead-letters",
        "replay",
        "explain",
        "check",
        "check hub",
        "check publisher",
        "keys",
        "completion",
    ];

    public static TheoryData<int, string> HelpOfEveryCommand
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var command in Commands.Prepend(""))
                data.Add(command.Length % 2 == 0 ? 60 : 80, command);
            data.Add(120, "listen");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(HelpOfEveryCommand))]
    public async Task Help_AnyCommand_FitsTheTerminalAndShowsExamples(int columns, string command)
    {
        var result = await RunAsync(columns, [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(
            result.Output,
            line => line.StartsWith($"  websub{(command.Length > 0 ? " " : "")}{command}", StringComparison.Ordinal)
        );
        Assert.Contains("Examples:", result.Output);
        Assert.All(result.Output, line => Assert.True(line.Length <= columns && line == line.TrimEnd(), line));
    }

    [Fact]
    public async Task Help_OfAll_NamesEachCommandThatHasHelp()
    {
        var alone = await CliProcess.RunAsync();
        var asked = await CliProcess.RunAsync("--help");

        Assert.Equal(0, alone.ExitCode);
        Assert.Equal(asked.Output, alone.Output);
        Assert.Empty(alone.Error);
        Assert.Equal(
            Commands.Where(c => !c.Contains(' ', StringComparison.Ordinal)).Order(),
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

    private static Task<CliResult> RunAsync(int columns, params string[] arguments) =>
        CliProcess.RunAsync(arguments, new Dictionary<string, string?> { ["COLUMNS"] = $"{columns}" });
}
