using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Packages;

/// <summary>
/// Packages are the same, byte for byte, wherever they are made. It is shown by one that is partly generated, by Razor, with paths in it.
/// Only that one is compiled, against what the tests were built with. <c>./eng/pack.sh --twice</c> shows it of all.
/// </summary>
[Collection(InTurn.Name)]
public sealed class TwoClonesTests : IDisposable
{
    private const string Package = "WebSub.Hub.Dashboard";

    private static readonly string[] References = ["WebSub", "WebSub.Storage", "WebSub.Hub"];

    private static readonly string[] Shared = ["Directory.Build.props", "Directory.Packages.props", "global.json", "eng", "src/Shared"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-clones-");

    [Fact]
    public async Task Package_OfTwoClonesInTwoFolders_IsTheSame()
    {
        var first = Copy("one");
        var second = Copy("a/deeper one");

        var made = await PackAsync(first);
        var again = await PackAsync(second);

        Assert.Equal([$"{Package}.1.2.3.nupkg", $"{Package}.1.2.3.snupkg"], made.Select(Path.GetFileName));
        Assert.Equal(made.Select(Path.GetFileName), again.Select(Path.GetFileName));
        Assert.All(
            made.Zip(again),
            p => Assert.True(BytesOf(p.First).SequenceEqual(BytesOf(p.Second)), $"{p.First} differs from {p.Second}")
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] BytesOf(string file) => File.ReadAllBytes(file);

    private static async Task<IReadOnlyList<string>> PackAsync(string clone)
    {
        var packed = await CliProcess.RunProgramAsync(
            Repository.DotNet,
            [
                "pack",
                Path.Combine(clone, "src", Package),
                "--configuration",
                new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
                "-p:ContinuousIntegrationBuild=true",
                "-p:MinVerVersionOverride=1.2.3",
                "-p:BuildProjectReferences=false",
                "-p:CompileUsingReferenceAssemblies=false",
                "-p:NuGetAudit=false",
                "-p:RunAnalyzers=false",
                "--output",
                Path.Combine(clone, "packages"),
            ],
            new Dictionary<string, string?>
            {
                ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["SOURCE_DATE_EPOCH"] = "1000000000",
                ["UseSharedCompilation"] = "false",
            },
            deadline: PackedPackages.Patience
        );
        Assert.True(packed.ExitCode == 0, string.Join('\n', packed.Output));
        return [.. Directory.EnumerateFiles(Path.Combine(clone, "packages")).Order(StringComparer.Ordinal)];
    }

    /// <summary>What the package is made from: its sources, and those that it refers to with what was built from them.</summary>
    private string Copy(string name)
    {
        var clone = _folder.CreateSubdirectory(name).FullName;
        foreach (var shared in Shared)
            CopyTo(clone, shared, skipped: []);
        CopyTo(clone, $"src/{Package}", skipped: ["bin", "obj"]);
        foreach (var reference in References)
            CopyTo(clone, $"src/{reference}", skipped: ["obj"]);
        return clone;
    }

    private static void CopyTo(string clone, string name, string[] skipped)
    {
        var from = Path.Combine(Repository.Root, name);
        if (File.Exists(from))
        {
            Directory.CreateDirectory(clone);
            File.Copy(from, Path.Combine(clone, name));
            return;
        }

        Directory.CreateDirectory(Path.Combine(clone, name));
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(clone, name, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from).Select(Path.GetFileName).Except(skipped))
            CopyTo(clone, $"{name}/{folder}", skipped: []);
    }
}
