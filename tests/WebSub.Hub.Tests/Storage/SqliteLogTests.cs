using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>SQLite's log is moved to the file beside the writer (rule 27).</summary>
public sealed class SqliteLogTests : IDisposable
{
    private const int Writes = 4000;
    private const long LongestLog = 40L * 1024 * 1024;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-log-");

    [Fact]
    public async Task Log_OfMuchMoreThanItMayHold_StaysShort()
    {
        await using var database = Database.Create(
            new() { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "x.db")}", TablePrefix = "" }
        );
        await database.WriteAsync(
            session => session.ExecuteAsync("create table {bodies} (id integer primary key, body blob not null)"),
            default
        );

        for (var i = 0; i < Writes / 20; i++)
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddAsync(database)));

        Assert.InRange(new FileInfo(Path.Combine(_folder.FullName, "x.db-wal")).Length, 1, LongestLog);
        Assert.InRange(new FileInfo(Path.Combine(_folder.FullName, "x.db")).Length, LongestLog, long.MaxValue);
        Assert.Equal(Writes, await database.ReadAsync(session => session.ScalarAsync<long>("select count(*) from {bodies}"), default));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task AddAsync(Database database) =>
        database.WriteAsync(
            session => session.ExecuteAsync("insert into {bodies} (body) values (@body)", new { body = new byte[16 * 1024] }),
            default
        );
}
