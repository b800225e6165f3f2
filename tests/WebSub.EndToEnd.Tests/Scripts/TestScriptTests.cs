using System.Runtime.Versioning;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>How <c>./test.sh</c> sums up: nothing that failed, did not build or did not run may look like a success.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TestScriptTests : IDisposable
{
    // Builds what is not broken, and "runs" a test project by leaving the results that the test wants.
    private const string FakeDotNet = """
        case "$1" in
          --version) echo 10.0.100 ;;
          build)
            case "$2" in
              */WebSub.slnx) [ "${solution:-fine}" = fine ] && exit ;;
              *) [ "$(basename "$2")" != "${broken:-}" ] && exit ;;
            esac
            echo "x.cs(1,1): error CS0001: it is broken"; exit 1 ;;
          *)
            name=$(basename "$1" .dll)
            while [ $# -gt 0 ]; do [ "$1" = -xml ] && results=$2; shift; done
            eval "text=\$$name status=\${${name}_exit:-0}"
            [ -z "$text" ] || {
              printf %s "<assemblies><assembly name=\"$name.dll\" $text time=\"0.5\">"
              echo "<collection passed=\"9\" failed=\"9\" /></assembly></assemblies>"
            } >"$results"
            exit "$status" ;;
        esac
        """;

    private const string OnePassed = "passed=\"1\" failed=\"0\" skipped=\"0\" errors=\"0\"";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-test-sh-");

    [Fact]
    public async Task Summary_AllPassed_AddsUpAndIsDone()
    {
        var result = await RunAsync(("A", "passed=\"3\" failed=\"0\" skipped=\"1\" errors=\"0\""), ("B", OnePassed));

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("4 passed, 0 failed, 1 skipped", result.Output[^1]);
    }

    [Fact]
    public async Task Summary_FailuresAndErrors_BothCountAsFailed()
    {
        var result = await RunAsync(("A", "passed=\"3\" failed=\"2\" skipped=\"0\" errors=\"1\""), ("A_exit", "1"), ("B", OnePassed));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("4 passed, 3 failed, 0 skipped", result.Output[^1]);
    }

    [Theory]
    [InlineData("it ran no test", "passed=\"0\" failed=\"0\" skipped=\"0\" errors=\"0\"", "0")]
    [InlineData("the test program ended with exit code 134 and left no results", null, "134")]
    public async Task Summary_NothingRan_CountsAsFailed(string reason, string? results, string exitCode)
    {
        var result = await RunAsync(("A", results), ("A_exit", exitCode), ("B", OnePassed));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(result.Output, line => line.EndsWith(reason, StringComparison.Ordinal));
        Assert.Equal("1 passed, 1 failed, 0 skipped", result.Output[^1]);
    }

    [Fact]
    public async Task Summary_CrashAfterGoodResults_CountsAsFailed()
    {
        var result = await RunAsync(("A", OnePassed), ("A_exit", "139"), ("B", OnePassed));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("2 passed, 1 failed, 0 skipped", result.Output[^1]);
    }

    [Fact]
    public async Task Build_OneProjectBroken_ShowsTheErrorAndRunsTheOthers()
    {
        var result = await RunAsync(("broken", "A"), ("solution", "broken"), ("A", OnePassed), ("B", OnePassed));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("x.cs(1,1): error CS0001: it is broken", result.Output);
        Assert.Equal("1 passed, 1 failed, 0 skipped", result.Output[^1]);
    }

    [Fact]
    public async Task Build_OnlyTheSolutionBroken_StillFails()
    {
        var result = await RunAsync(("solution", "broken"), ("A", OnePassed), ("B", OnePassed));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("2 passed, 1 failed, 0 skipped", result.Output[^1]);
    }

    [Fact]
    public async Task Fast_LeavesOutTheEndToEndTests()
    {
        var result = await RunAsync(["--fast"], "WebSub.EndToEnd.Tests", ("A", OnePassed));

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("WebSub.EndToEnd.Tests", result.Output);
        Assert.Equal("1 passed, 0 failed, 0 skipped", result.Output[^1]);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<CliResult> RunAsync(params (string Name, string? Value)[] environment) => RunAsync([], "B", environment);

    private Task<CliResult> RunAsync(string[] arguments, string second, params (string Name, string? Value)[] environment)
    {
        var clone = ScriptFixture.Clone(_folder);
        foreach (var project in new[] { "A", second })
        {
            Directory.CreateDirectory(Path.Combine(clone, "tests", project));
            File.WriteAllText(Path.Combine(clone, "tests", project, project + ".csproj"), "<Project />");
        }

        var variables = ScriptFixture.PathWithout(_folder, "dotnet", ("dotnet", FakeDotNet));
        foreach (var (name, value) in environment)
            variables[name] = value;
        return CliProcess.RunProgramAsync("bash", [Path.Combine(clone, "test.sh"), .. arguments], variables, clone);
    }
}
