using System.Runtime.Versioning;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WebSub.Hub.Tests.Diagnostics;
using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>What the database's files hold is other people's: nobody else on the machine may read them.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = OwnFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode OpenFolder =
        OwnFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-private-");
    private readonly LogList _log = new();

    public PrivateFilesTests() => _folder.UnixFileMode = OpenFolder;

    private string Database => Path.Combine(_folder.FullName, "hub.db");

    [Fact]
    public async Task Database_NewOne_IsReadableByNobodyElse()
    {
        await using var hub = await StartAsync();

        string[] files = [Database, Database + "-wal", Database + "-shm", Database + ".lock"];
        Assert.All(files, f => Assert.Equal((f, OwnFile), (f, File.GetUnixFileMode(f))));
        Assert.Equal(OpenFolder, _folder.UnixFileMode);
        Assert.DoesNotContain(_log.Lines, l => l.Text.Contains("can be read by other users", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Database_ReadableByOthers_IsAWarning_AndStaysAsItIs()
    {
        await (await StartAsync()).DisposeAsync();
        File.SetUnixFileMode(Database, Everyone);

        await using var hub = await StartAsync();

        Assert.Single(_log.Lines, l => l.Text.Contains($"{Database} can be read by other users", StringComparison.Ordinal));
        Assert.Equal(Everyone, File.GetUnixFileMode(Database));
    }

    [Fact]
    public async Task Database_InAFolderThatOthersCannotEnter_IsNoWarning()
    {
        await (await StartAsync()).DisposeAsync();
        File.SetUnixFileMode(Database, Everyone);
        _folder.UnixFileMode = OwnFile | UnixFileMode.UserExecute;

        await using var hub = await StartAsync();

        Assert.DoesNotContain(_log.Lines, l => l.Text.Contains("can be read by other users", StringComparison.Ordinal));
    }

    [Fact]
    public void CreateFolder_OfWhichParentsAreMissing_CreatesAllOfThemPrivate()
    {
        var inner = Path.Combine(_folder.FullName, "a", "b");

        PrivateFiles.CreateFolder(inner);
        PrivateFiles.CreateFolder(_folder.FullName);

        const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;
        Assert.Equal(
            (OwnFolder, OwnFolder, OpenFolder),
            (File.GetUnixFileMode(inner), File.GetUnixFileMode(Path.GetDirectoryName(inner)!), _folder.UnixFileMode)
        );
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<HubHost> StartAsync() =>
        HubHost.StartAsync($"Data Source={Database};Pooling=False", services: s => s.AddSingleton<ILoggerProvider>(_log));
}
