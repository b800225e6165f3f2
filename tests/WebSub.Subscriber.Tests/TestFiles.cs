namespace WebSub.Subscriber.Tests;

/// <summary>The folder of this run's SQLite files; it goes when the run ends.</summary>
public sealed class TestFiles : IDisposable
{
    private static readonly Lazy<string> Folder = new(() => Directory.CreateTempSubdirectory("websub-subscriber-tests-").FullName);

    /// <summary>The connection string of a database that does not exist yet.</summary>
    public static string NewDatabase() => $"Data Source={Path.Combine(Folder.Value, Guid.NewGuid().ToString("N") + ".db")}";

    public void Dispose()
    {
        if (Folder.IsValueCreated)
            Directory.Delete(Folder.Value, recursive: true);
    }
}
