using System.Runtime.Versioning;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Scripts;

/// <summary>The scripts of the repository, as a newcomer meets them: from another folder, without the SDK, with a typing error.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ScriptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-scripts-");

    [Fact]
    public async Task WebSub_FromAnotherFolder_TakesRelativePathsAndPassesTheExitCode()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a body.txt"), "hello");

        var signed = await RunAsync("websub", "sign", "a body.txt", "--secret", "s3cret");
        var refused = await RunAsync("websub", "sign", "a body.txt", "--secret", "");

        Assert.Equal(0, signed.ExitCode);
        Assert.Equal(["sha256=e5a01537481fa0b2c697f787c7aff885412cf0760d08e08502259b39d2d6ae68"], signed.Output);
        Assert.Empty(signed.Error);
        Assert.Equal(2, refused.ExitCode);
        Assert.Equal("websub: --secret is empty. See websub sign --help.", refused.Complaint);
    }

    [Fact]
    public async Task WebSub_ThroughALink_FindsItsClone()
    {
        var link = Path.Combine(_folder.FullName, "websub");
        File.CreateSymbolicLink(link, Path.Combine(Repository.Root, "websub"));

        var result = await CliProcess.RunProgramAsync("bash", [link, "--version"], workingDirectory: _folder.FullName, deadline: Patience);

        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task WebSub_FirstRunFromAClone_SaysOnATerminalThatItBuilds()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script") && OperatingSystem.IsLinux(), "There is no script of util-linux here.");
        var clone = ScriptFixture.Clone(_folder);
        var source = Path.Combine(Directory.CreateDirectory(Path.Combine(clone, "src", "WebSub.Cli")).FullName, "Program.cs");
        await File.WriteAllTextAsync(source, "// first");
        const string FakeDotNet = """case "$1" in --version) echo 10.0.100 ;; build) ;; *) echo "it runs" ;; esac""";
        var variables = ScriptFixture.PathWithout(_folder, "dotnet", ("dotnet", FakeDotNet));
        string[] terminal = ["--quiet", "--return", "--command", $"bash '{clone}/websub' --help", "/dev/null"];

        var first = await CliProcess.RunProgramAsync("/usr/bin/script", terminal, variables);
        var second = await CliProcess.RunProgramAsync("/usr/bin/script", terminal, variables);
        await File.WriteAllTextAsync(source, "// changed");
        File.SetLastWriteTimeUtc(source, TimeProvider.System.GetUtcNow().AddMinutes(1).UtcDateTime);
        var elsewhere = await CliProcess.RunProgramAsync("bash", [Path.Combine(clone, "websub"), "--help"], variables);

        Assert.Equal(["Building src/WebSub.Cli …", "it runs"], first.Output.Select(l => l.Trim()));
        Assert.Equal(["it runs"], second.Output.Select(l => l.Trim()));
        Assert.Equal(["it runs"], elsewhere.Output);
        Assert.Empty(elsewhere.Error);
    }

    [Theory]
    [InlineData("test.sh", "--fast")]
    [InlineData("demo.sh", "--once")]
    [InlineData("docs.sh", "--serve")]
    [InlineData("eng/pack.sh", "--only")]
    [InlineData("eng/publish-cli.sh", "--rid")]
    public async Task Help_OfAScript_NamesItsOptions(string script, string option)
    {
        var result = await RunAsync(script, "--help");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.Output, line => line.Contains(option, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Unknown option --quick; ./test.sh --help lists them.", "--quick")]
    [InlineData("--project needs the name of a folder in tests/", "--project", "Nowhere")]
    public async Task Test_Mistake_IsBadUsage(string complaint, params string[] arguments)
    {
        var result = await RunAsync("test.sh", arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(complaint, result.Complaint);
    }

    [Theory]
    [InlineData("test.sh")]
    [InlineData("demo.sh")]
    [InlineData("docs.sh")]
    [InlineData("websub")]
    public async Task SdkMissing_NobodyToAsk_SaysWhereToGetIt(string script)
    {
        var clone = ScriptFixture.Clone(_folder);

        var result = await CliProcess.RunProgramAsync(
            "bash",
            [Path.Combine(clone, script)],
            ScriptFixture.PathWithout(_folder, "dotnet"),
            clone
        );

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            "The .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0, or run this script with -y to "
                + "have it put into .dotnet/.",
            result.Complaint
        );
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task SdkMissing_InCi_RunsTheVendorsScriptIntoTheClone()
    {
        // The download is replaced by a script that installs a dotnet that only prints its arguments.
        var clone = ScriptFixture.Clone(_folder);
        var environment = ScriptFixture.PathWithout(
            _folder,
            "dotnet",
            (
                "curl",
                """
                while [ "$1" != -o ]; do [ "${1#http}" = "$1" ] || echo "fetched $1" >&2; shift; done
                cat >"$2" <<'END'
                while [ $# -gt 0 ]; do [ "$1" = --install-dir ] && to=$2; shift; done
                mkdir -p "$to" &&
                  printf '#!/bin/sh\n[ "$1" = --version ] && echo 10.0.100 && exit\necho "dotnet $*"; exit 7\n' >"$to/dotnet" &&
                  chmod +x "$to/dotnet"
                END
                """
            )
        );
        environment["CI"] = "true";

        var result = await CliProcess.RunProgramAsync("bash", [Path.Combine(clone, "websub"), "sign"], environment, clone);

        Assert.Contains("fetched https://dot.net/v1/dotnet-install.sh", result.Error);
        Assert.True(File.Exists(Path.Combine(clone, ".dotnet", "dotnet")));
        Assert.Contains("src/WebSub.Cli does not build:", result.Error);
        Assert.Contains(result.Error, line => line.StartsWith($"dotnet build {clone}/src/WebSub.Cli", StringComparison.Ordinal));
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task SdkMissing_DownloadFails_IsOneSentence()
    {
        var clone = ScriptFixture.Clone(_folder);
        var environment = ScriptFixture.PathWithout(_folder, "dotnet", ("curl", "exit 6"));

        var result = await CliProcess.RunProgramAsync("bash", [Path.Combine(clone, "demo.sh"), "-y", "--once"], environment, clone);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            "The .NET 10 SDK could not be installed. Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this script "
                + "again.",
            result.Error[^1]
        );
    }

    [Theory]
    [InlineData(
        false,
        false,
        "Install PostgreSQL 13 or later with your system's package manager to run the tests that need it; they are skipped now."
    )]
    [InlineData(true, false, "The tests that need it are skipped; ./test.sh -y installs it.")]
    [InlineData(true, true, "apt-get update -qq", "apt-get install -y -qq --no-install-recommends postgresql")]
    public async Task PostgreSqlMissing_IsInstalledOnlyAfterAYesAndWhereThereIsAptGet(bool hasAptGet, bool ci, params string[] said)
    {
        (string, string)[] own = hasAptGet ? [("apt-get", "echo \"apt-get $*\""), ("sudo", "exec \"$@\"")] : [];
        var environment = ScriptFixture.PathWithout(_folder, "apt-get", own);
        environment["CI"] = ci ? "true" : null;

        var result = await CliProcess.RunProgramAsync(
            "bash",
            ["-c", ". eng/prerequisites.sh; has_postgres() { false; }; want_postgres"],
            environment,
            Repository.Root
        );

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            ["Missing: PostgreSQL (its server programs; tests start a private server in a temporary folder).", .. said],
            result.Error
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<CliResult> RunAsync(string script, params string[] arguments) =>
        CliProcess.RunProgramAsync(
            Path.Combine(Repository.Root, script),
            arguments,
            workingDirectory: _folder.FullName,
            deadline: Patience
        );
}
