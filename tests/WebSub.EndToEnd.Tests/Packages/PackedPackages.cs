using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Packages;

/// <summary>
/// Every package, made once for all tests that use them, when the first one asks; and a folder outside the clone with them as its only
/// source. What they depend on comes from the packages that this machine has, so nothing is downloaded. Their version is one that no other
/// run has: nothing that was installed earlier is mistaken for them.
/// </summary>
public sealed class PackedPackages : IDisposable
{
    /// <summary>Installs the templates: as the README and the page Getting started have it, typed in the clone.</summary>
    public const string InstallTemplates = "dotnet new install packages/WebSub.Templates.*.nupkg";

    /// <summary>How long a command of the SDK may take on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-packages-");

    // The tests that use it run one after the other.
    private Task? _packed;
    private Task? _templates;

    /// <summary>Their version.</summary>
    public string Version { get; } = $"0.1.0-test.r{Guid.NewGuid():N}";

    /// <summary>A folder with the packages in <c>packages</c>, as a clone has them after <c>./eng/pack.sh packages</c>.</summary>
    public string Clone => Path.Combine(_folder.FullName, "clone");

    /// <summary>The folder with the packages.</summary>
    public string Packages => Path.Combine(Clone, "packages");

    /// <summary>Neither the packages that this user has downloaded nor the files of a first run, and no other user's servers.</summary>
    public Dictionary<string, string?> Environment =>
        new()
        {
            ["DOTNET_CLI_HOME"] = _folder.FullName,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_ROOT"] = Path.IsPathRooted(Repository.DotNet) ? Path.GetDirectoryName(Repository.DotNet) : null,
            ["CI"] = null,
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["NUGET_PACKAGES"] = Path.Combine(_folder.FullName, "installed"),
            ["UseSharedCompilation"] = "false",
        };

    /// <summary>Makes the packages unless that is done.</summary>
    public Task PackAsync() => _packed ??= MakeAsync();

    /// <summary>The file of a package.</summary>
    public string File(string package) => Path.Combine(Packages, $"{package}.{Version}.nupkg");

    /// <summary>Installs the templates unless that is done.</summary>
    public async Task InstallTemplatesAsync()
    {
        await PackAsync();
        await (_templates ??= TypeAsync(Clone, InstallTemplates));
    }

    /// <summary>A folder for an app, outside the clone, for apps that use the packages.</summary>
    public async Task<string> CreateFolderAsync(string name)
    {
        await PackAsync();
        return _folder.CreateSubdirectory(name).FullName;
    }

    /// <summary>Runs a command of the SDK and returns its output; fails with it if the command does.</summary>
    public async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var result = await CliProcess.RunProgramAsync(Repository.DotNet, arguments, Environment, folder, deadline: Patience);
        var output = string.Join('\n', result.Output.Concat(result.Error));
        Assert.True(result.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    /// <summary>Runs lines of a shell, as a reader types them, up to the first that fails; returns the output.</summary>
    public async Task<string> TypeAsync(string folder, string lines)
    {
        var environment = Environment;
        if (Path.IsPathRooted(Repository.DotNet))
            environment["PATH"] = $"{Path.GetDirectoryName(Repository.DotNet)}:{System.Environment.GetEnvironmentVariable("PATH")}";
        var result = await CliProcess.RunProgramAsync("bash", ["-ec", lines], environment, folder, deadline: Patience);
        var output = string.Join('\n', result.Output.Concat(result.Error));
        Assert.True(result.ExitCode == 0, $"{lines}\n{output}");
        return output;
    }

    /// <summary>Starts an app that was built in a folder, with the development settings of its own and an address.</summary>
    internal RunningProcess Start(string folder, string url, params string[] settings) =>
        RunningProcess.Start(
            Repository.DotNet,
            [Path.Combine(folder, "bin", "Debug", "net10.0", $"{Path.GetFileName(folder)}.dll"), "--urls", url, .. settings],
            new Dictionary<string, string?>(Environment) { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
            folder
        );

    /// <summary>Removes everything.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private async Task MakeAsync()
    {
        var downloaded =
            System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "nuget.config"),
            $"""
            <configuration>
              <packageSources><clear /><add key="packed" value="{Packages}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="downloaded" value="{downloaded}" /></fallbackPackageFolders>
            </configuration>
            """
        );

        // In the clone's own environment: what it needs has been restored there.
        var packed = await CliProcess.RunProgramAsync(
            Repository.DotNet,
            [
                "pack",
                Path.Combine(Repository.Root, "WebSub.slnx"),
                "--no-build",
                "--configuration",
                new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
                $"-p:MinVerVersionOverride={Version}",
                "-p:WarnOnPackingNonPackableProject=false",
                "--output",
                Packages,
            ],
            new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0" },
            deadline: Patience
        );
        Assert.True(packed.ExitCode == 0, string.Join('\n', packed.Output));
    }
}
