using System.Runtime.Versioning;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Cli;

/// <summary>What Tab offers, asked as a shell asks it, and through bash, zsh, fish and PowerShell themselves.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CompletionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-completion-");

    [Theory]
    [InlineData("websub s", "sign", "subscribers")]
    [InlineData("websub dead-letters ", "redeliver")]
    [InlineData("websub li", "listen")]
    [InlineData("websub listen http://x/ --fo", "--forward")]
    [InlineData("./websub listen http://x/ --verify ", "async", "none", "sync")]
    [InlineData("websub sign body --method sha3", "sha384")]
    [InlineData("websub completion ", "bash", "fish", "pwsh", "zsh")]
    [InlineData(
        "websub hub --WebSub:Hub:Lease:",
        "--WebSub:Hub:Lease:DefaultSeconds",
        "--WebSub:Hub:Lease:MaxSeconds",
        "--WebSub:Hub:Lease:MinSeconds"
    )]
    [InlineData("websub frobnicate --fo")]
    public async Task Suggest_Line_OffersWhatFits(string line, params string[] offered)
    {
        var result = await CliProcess.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(offered, result.Output.Order(StringComparer.Ordinal));
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Describe_Line_SaysWhatEachMeans()
    {
        var result = await CliProcess.RunAsync("[describe:9]", "websub li and what follows the cursor");

        Assert.Equal("listen\tSubscribe, print each update until Ctrl-C, unsubscribe", Assert.Single(result.Output));
    }

    [Theory]
    [InlineData("websub lis", "listen")]
    [InlineData("websub hub --WebSub:Hub:Lease:Mi", "MinSeconds")]
    [InlineData("websub sign body --method sha5", "sha512")]
    public async Task Completion_InBash_CompletesTheWord(string line, string completed)
    {
        await InstallAsync();
        // What bash does at Tab: it sets these variables, calls the function, and takes what is in COMPREPLY.
        var script = $"""
            PATH={_folder.FullName}:$PATH
            source <(websub completion bash)
            COMP_LINE='{line}' COMP_POINT={line.Length}
            $(complete -p websub | sed 's/.*-F \([^ ]*\).*/\1/') websub
            printf '%s\n' "$COMPREPLY"
            """;

        var result = await CliProcess.RunProgramAsync("bash", ["-c", script]);

        Assert.Equal([completed], result.Output);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("websub lis", "websub listen ")]
    [InlineData("websub check publisher http://x/ --wai", "websub check publisher http://x/ --wait ")]
    [InlineData("websub hub --WebSub:Hub:Lease:Mi", "websub hub --WebSub:Hub:Lease:MinSeconds ")]
    public async Task Completion_InZsh_CompletesTheLine(string line, string completed)
    {
        Assert.SkipUnless(IsInstalled("zsh"), "zsh is not installed; ./test.sh -y installs it.");
        await InstallAsync();
        // A zsh of its own with a terminal, in which keys are typed: the line, Tab, and Ctrl-X, which shows what the line is then.
        var script = $$"""
            zmodload zsh/zpty
            zpty inner zsh -f -i
            zpty -w inner "PATH={{_folder.FullName}}:\$PATH; autoload -Uz compinit && compinit -u -D; source <(websub completion zsh)"
            zpty -w inner 'show() { print -r -- "<<$BUFFER>>" } && zle -N show && bindkey "^X" show && print REA""DY'
            zpty -r inner seen '*READY*'
            zpty -w -n inner $'{{line}}\t\C-x'
            zpty -r inner seen '*>>*'
            seen=${seen##*<<}
            print -r -- "${seen%%>>*}"
            zpty -d inner
            """;

        var result = await CliProcess.RunProgramAsync("zsh", ["-f", "-c", script], HomeOfItsOwn);

        Assert.Equal([completed], result.Output);
    }

    [Theory]
    [InlineData("websub lis", "listen\tSubscribe, print each update until Ctrl-C, unsubscribe")]
    [InlineData("websub hub --WebSub:Hub:Lease:Mi", "--WebSub:Hub:Lease:MinSeconds")]
    [InlineData("websub sign body --method sha5", "sha512")]
    [InlineData("websub sign bod", "body.txt")]
    public async Task Completion_InFish_OffersTheWord_AndFilesWhereThereIsNone(string line, string offered)
    {
        Assert.SkipUnless(IsInstalled("fish"), "fish is not installed; ./test.sh -y installs it.");
        await InstallAsync();
        // Fish would find the folder for what follows the last colon.
        var files = _folder.CreateSubdirectory("files");
        files.CreateSubdirectory("Mi6o6N");
        await File.WriteAllTextAsync(Path.Combine(files.FullName, "body.txt"), "news", TestContext.Current.CancellationToken);
        var script = $"cd {files.FullName}; set -x PATH {_folder.FullName} $PATH; websub completion fish | source; complete -C '{line}'";

        var result = await CliProcess.RunProgramAsync("fish", ["--no-config", "-c", script], HomeOfItsOwn);

        Assert.Equal([offered], result.Output);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("websub lis", "listen")]
    [InlineData("websub check publisher http://x/ --wai", "--wait")]
    public async Task Completion_InPowerShell_CompletesTheWord(string line, string completed)
    {
        Assert.SkipUnless(IsInstalled("pwsh"), "pwsh is not installed: dotnet tool install --global PowerShell");
        await InstallAsync();
        // What PowerShell does at Tab.
        var script = $"""
            $env:PATH = '{_folder.FullName}:' + $env:PATH
            websub completion pwsh | Out-String | Invoke-Expression
            (TabExpansion2 -inputScript '{line}' -cursorColumn {line.Length}).CompletionMatches.CompletionText
            """;

        var result = await CliProcess.RunProgramAsync("pwsh", ["-NoProfile", "-NonInteractive", "-Command", script]);

        Assert.Equal([completed], result.Output);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("zsh", "#compdef websub")]
    [InlineData("fish", "complete -c websub")]
    [InlineData("pwsh", "Register-ArgumentCompleter -Native -CommandName websub")]
    public async Task Completion_OtherShells_PrintTheirScript(string shell, string line)
    {
        var result = await CliProcess.RunAsync("completion", shell);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.Output, l => l.StartsWith(line, StringComparison.Ordinal));
    }

    /// <summary>Shells keep histories and caches; not those of whoever runs the tests.</summary>
    private Dictionary<string, string?> HomeOfItsOwn => new() { ["HOME"] = _folder.FullName };

    private static bool IsInstalled(string shell) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, shell)));

    /// <summary>A websub on the path, as the installed tool is.</summary>
    private async Task InstallAsync()
    {
        var tool = Path.Combine(_folder.FullName, "websub");
        await File.WriteAllTextAsync(tool, $"#!/bin/sh\nexec '{Repository.DotNet}' '{Repository.Cli}' \"$@\"\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
