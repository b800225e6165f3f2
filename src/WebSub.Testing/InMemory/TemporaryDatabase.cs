namespace WebSub.Testing.InMemory;

/// <summary>An empty SQLite database that goes with the app under test.</summary>
internal sealed class TemporaryDatabase : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-test-");

    public string ConnectionString => $"Data Source={Path.Combine(_folder.FullName, "subscriber.db")};Pooling=False";

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something of the app still has it open; the system's own cleaning takes it.
        }
    }
}
