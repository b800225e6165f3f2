using System.Xml.Linq;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Deploy;

/// <summary>All packages in a folder, and the templates installed from there for a user who has nothing else.</summary>
public sealed class PackedTemplates : IAsyncLifetime
{
    private const string Version = "0.0.1-templates";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-templates-");

    /// <summary>Where projects may be made.</summary>
    public string Folder => _folder.FullName;

    private string Packages => Path.Combine(_folder.FullName, "packages");

    /// <summary>Nothing of this user's: neither templates nor packages of ours that were made before.</summary>
    private Dictionary<string, string?> Environment =>
        new()
        {
            ["DOTNET_CLI_HOME"] = _folder.FullName,
            ["DOTNET_NOLOGO"] = "1",
            ["NUGET_PACKAGES"] = null,
            ["MSBUILDDISABLENODEREUSE"] = "1",
        };

    public async ValueTask InitializeAsync()
    {
        var others = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        new XDocument(
            new XElement(
                "configuration",
                new XElement("config", Element("globalPackagesFolder", Path.Combine(_folder.FullName, "cache"))),
                new XElement("packageSources", Element("packed", Packages)),
                new XElement("fallbackPackageFolders", Element("others", others ?? Path.Combine(home, ".nuget", "packages")))
            )
        ).Save(Path.Combine(_folder.FullName, "nuget.config"));
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await DotNetAsync(
            [
                "pack",
                "WebSub.slnx",
                "--no-build",
                "--configuration",
                configuration,
                $"-p:MinVerVersionOverride={Version}",
                "-p:WarnOnPackingNonPackableProject=false",
                "--output",
                Packages,
            ],
            Repository.Root
        );
        await DotNetAsync(["new", "install", Path.Combine(Packages, $"WebSub.Templates.{Version}.nupkg")], _folder.FullName);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static XElement Element(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));

    /// <summary>The environment in which everything runs, with a few more variables.</summary>
    public IReadOnlyDictionary<string, string?> With(params (string Name, string Value)[] more)
    {
        var environment = Environment;
        foreach (var (name, value) in more)
            environment[name] = value;
        return environment;
    }

    /// <summary>Runs <c>dotnet</c>, which must succeed.</summary>
    public async Task<IReadOnlyList<string>> DotNetAsync(string[] arguments, string folder)
    {
        var result = await CliProcess.RunProgramAsync(Repository.DotNet, arguments, Environment, folder, deadline: Patience);
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Output.Concat(result.Error)));
        return result.Output;
    }
}
