using System.Runtime.Versioning;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>
/// <c>./eng/publish-cli.sh</c> with an SDK that makes small files in an instant: which systems, names, checksums, and what it says when one
/// cannot be made. Making and starting a real one takes minutes and is done by hand.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class PublishCliTests : IDisposable
{
    // Leaves the program that "publish" is asked for, with the arguments in it, unless it is for the broken system.
    private const string FakeDotNet = """
        [ "$1" = --version ] && echo 10.0.100 && exit
        all="$*"
        while [ $# -gt 0 ]; do
          case "$1" in --runtime) system=$2 ;; --output) to=$2 ;; esac
          shift
        done
        [ "$system" = "${broken:-}" ] && echo "NETSDK1: error NU1101: no runtime pack" && exit 1
        case "$system" in win-*) suffix=.exe ;; esac
        mkdir -p "$to" && echo "$all" >"$to/WebSub.Cli${suffix:-}"
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-publish-cli-");

    private string Made => Path.Combine(_folder.FullName, "made");

    [Fact]
    public async Task Publish_Everything_MakesAFileForEachSystemAndChecksums()
    {
        var result = await RunAsync(broken: null, Made);

        Assert.True(result.ExitCode == 0, string.Join('\n', result.Error));
        Assert.Equal(["SHA256SUMS", "websub-linux-arm64", "websub-linux-x64", "websub-osx-arm64", "websub-win-x64.exe"], Files());
        Assert.Equal(4, (await File.ReadAllLinesAsync(Path.Combine(Made, "SHA256SUMS"))).Length);
        var check = await CliProcess.RunProgramAsync("sha256sum", ["--check", "SHA256SUMS"], workingDirectory: Made);
        Assert.Equal(0, check.ExitCode);
        var arguments = await File.ReadAllTextAsync(Path.Combine(Made, "websub-osx-arm64"));
        Assert.Contains("src/WebSub.Cli --configuration Release --runtime osx-arm64 --self-contained", arguments, StringComparison.Ordinal);
        Assert.Contains("-p:PublishSingleFile=true", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_SomeSystems_MakesThoseOnly()
    {
        var result = await RunAsync(broken: null, "--rid", "win-x64", Made, "--rid", "linux-x64");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["SHA256SUMS", "websub-linux-x64", "websub-win-x64.exe"], Files());
        Assert.Equal(["websub-win-x64.exe  0 MB", "websub-linux-x64  0 MB"], result.Output);
    }

    [Fact]
    public async Task Publish_OneCannotBeMade_SaysWhyMakesTheOthersAndFails()
    {
        Directory.CreateDirectory(Made);
        await File.WriteAllTextAsync(Path.Combine(Made, "websub-osx-arm64"), "of last time");

        var result = await RunAsync("osx-arm64", Made);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["SHA256SUMS", "websub-linux-arm64", "websub-linux-x64", "websub-win-x64.exe"], Files());
        Assert.Equal(["The file for osx-arm64 could not be made:", "NETSDK1: error NU1101: no runtime pack"], result.Error);
    }

    [Theory]
    [InlineData("--rid needs a system, such as linux-x64", "--rid")]
    [InlineData("Unknown option --arm; ./eng/publish-cli.sh --help lists them.", "--arm")]
    [InlineData("One folder, please; ./eng/publish-cli.sh --help shows how.", "here", "there")]
    public async Task Publish_Mistake_IsBadUsage(string complaint, params string[] arguments)
    {
        var result = await RunAsync(broken: null, arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal([complaint], result.Error);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private IEnumerable<string> Files() => Directory.GetFiles(Made).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    private Task<CliResult> RunAsync(string? broken, params string[] arguments)
    {
        var clone = ScriptFixture.Clone(_folder);
        var variables = ScriptFixture.PathWithout(_folder, "dotnet", ("dotnet", FakeDotNet));
        variables["broken"] = broken;
        return CliProcess.RunProgramAsync("bash", [Path.Combine(clone, "eng", "publish-cli.sh"), .. arguments], variables, clone);
    }
}
