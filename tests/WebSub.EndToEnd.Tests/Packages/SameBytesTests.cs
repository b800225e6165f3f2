using System.IO.Compression;
using System.Security.Cryptography;
using WebSub.EndToEnd.Tests.Infrastructure;

namespace WebSub.EndToEnd.Tests.Packages;

/// <summary>
/// Anybody can make the packages again and compare: the same sources give the same bytes, in whatever folder the clone is. Debuggers find
/// each source file in the repository that the clone came from.
/// </summary>
[Collection(InTurn.Name)]
public sealed class SameBytesTests : IDisposable
{
    private const string PublicUrl = "https://github.com/somebody/websub";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-same-bytes-");

    /// <summary>
    /// Two packages for all, since each takes its time: one with log methods in many classes, whose order the generator leaves to chance,
    /// and one with components, for which Razor writes down where the clone is. eng/pack.sh says how to compare all of them.
    /// </summary>
    [Fact]
    public async Task Packages_OfTwoClonesInTwoFolders_AreTheSame()
    {
        Assert.SkipUnless(Path.Exists(Path.Combine(Repository.Root, ".git")), "This folder is no clone: there is nothing to clone.");

        var first = await PackAsync("one");
        var second = await PackAsync("another/folder");

        Assert.Equal(6, first.Count);
        Assert.Equal(first, second);
        var packages = Path.Combine(_folder.FullName, "one", "packages");
        var commit = (await RunAsync("git", "-C", Repository.Root, "rev-parse", "HEAD")).Single();
        foreach (var symbols in Directory.GetFiles(packages, "*.snupkg").Select(Symbols.Read))
        {
            Assert.All(symbols.Files, f => Assert.StartsWith("/_/", f, StringComparison.Ordinal));
            Assert.Contains($"https://raw.githubusercontent.com/somebody/websub/{commit}/*", symbols.SourceLink, StringComparison.Ordinal);
        }

        foreach (var package in Directory.GetFiles(packages, "*.nupkg"))
        {
            var description = Description(package);
            Assert.Contains($"""<repository type="git" url="{PublicUrl}" commit="{commit}" />""", description, StringComparison.Ordinal);
            Assert.Contains($"<projectUrl>{PublicUrl}</projectUrl>", description, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The packages with symbols and bills of materials, each as name and hash.</summary>
    private async Task<List<string>> PackAsync(string name)
    {
        var clone = Path.Combine(_folder.FullName, name);
        await RunAsync("git", "clone", "--quiet", Repository.Root, clone);
        await RunAsync("git", "-C", clone, "remote", "set-url", "origin", PublicUrl + ".git");
        var packages = Path.Combine(clone, "packages");
        await RunAsync(
            "bash",
            Path.Combine(clone, "eng", "pack.sh"),
            "--only",
            "WebSub.Publisher",
            "--only",
            "WebSub.Hub.Dashboard",
            packages
        );
        return
        [
            .. Directory
                .EnumerateFiles(packages)
                .Order(StringComparer.Ordinal)
                .Select(f => $"{Path.GetFileName(f)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}"),
        ];
    }

    private static string Description(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        using var reader = new StreamReader(archive.Entries.Single(e => Path.GetExtension(e.Name) == ".nuspec").Open());
        return reader.ReadToEnd();
    }

    private async Task<IReadOnlyList<string>> RunAsync(string program, params string[] arguments)
    {
        // Analyzers say nothing here that they have not said before, and take half of the time; the audit needs the network.
        var environment = new Dictionary<string, string?>
        {
            ["AuditPackages"] = "false",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["RunAnalyzers"] = "false",
        };
        var result = await CliProcess.RunProgramAsync(program, arguments, environment, _folder.FullName, deadline: Patience);
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Output.Concat(result.Error)));
        return result.Output;
    }
}
