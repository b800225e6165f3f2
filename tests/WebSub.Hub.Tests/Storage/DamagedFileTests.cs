using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Protocol;
using WebSub.Storage;
using Xunit;

namespace WebSub.Hub.Tests.Storage;

/// <summary>A SQLite file that is damaged in the middle opens without complaint; what it says from then on may be anything.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int Page = 4096;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("websub-damaged-");

    private string HubFile => Path.Combine(_folder.FullName, "hub.db");

    private string ConnectionString => $"Data Source={HubFile};Pooling=False";

    [Fact]
    public async Task Start_WithADamagedFile_IsRefusedInOneSentence()
    {
        await FillAsync();
        await DamageAsync();

        var error = await Assert.ThrowsAsync<DatabaseException>(() => HubHost.StartAsync(ConnectionString));

        Assert.StartsWith($"The SQLite file {HubFile} is damaged (", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task Damage_FoundOnTheWay_IsToldOnce_AndNothingIsServedAnyMore()
    {
        await FillAsync();
        await DamageAsync();
        await using var database = Database.Create(new() { ConnectionString = ConnectionString, TablePrefix = "" });
        var told = new List<string>();
        database.Damaged = told.Add;

        var read = await Assert.ThrowsAsync<DatabaseException>(() => ReadAsync(database, "select count(*) from bodies where text <> ''"));
        var harmless = await Assert.ThrowsAsync<DatabaseException>(() => ReadAsync(database, "select 1"));
        var write = await Assert.ThrowsAsync<DatabaseException>(() => WriteAsync(database, "insert into bodies (text) values ('x')"));

        Assert.Equal([read.Message], told);
        Assert.Equal((read.Message, read.Message), (harmless.Message, write.Message));
    }

    [Fact]
    public async Task Damage_FoundByAWrite_IsToldToo()
    {
        await FillAsync();
        await DamageAsync();
        await using var database = Database.Create(new() { ConnectionString = ConnectionString, TablePrefix = "" });
        var told = new List<string>();
        database.Damaged = told.Add;

        var write = await Assert.ThrowsAsync<DatabaseException>(() => WriteAsync(database, "update bodies set text = text || 'x'"));

        Assert.Equal([write.Message], told);
    }

    [Fact]
    public async Task Hub_WhoseFileTurnsOutDamaged_Answers503()
    {
        await FillAsync();
        await DamageAsync();
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.CheckMegabytes = 0);
        var told = hub.LoggedAsync(9005);
        await Assert.ThrowsAsync<DatabaseException>(() => ReadAsync(hub.Db, "select count(*) from bodies where text <> ''"));

        using var answer = await hub.RequestAsync(HubModes.Subscribe, "https://publisher.example/", "http://127.0.0.1:1/");
        await told;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<long> ReadAsync(Database database, string sql) =>
        database.ReadAsync(session => session.ScalarAsync<long>(sql), TestContext.Current.CancellationToken);

    private static Task WriteAsync(Database database, string sql) =>
        database.WriteAsync(session => session.ExecuteAsync(sql), TestContext.Current.CancellationToken);

    /// <summary>A hub's file with a table of our own, long enough to have many pages.</summary>
    private async Task FillAsync()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString);
        await hub.Db.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("create table bodies (id integer primary key, text text not null)");
                for (var i = 0; i < 400; i++)
                    await session.ExecuteAsync("insert into bodies (text) values (@text)", new { text = new string('x', 1000) });
            },
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>Overwrites the inner pages of our table, as a failing disk does.</summary>
    private async Task DamageAsync()
    {
        await using (var connection = new SqliteConnection(ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "pragma wal_checkpoint(truncate)";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var file = new FileStream(HubFile, FileMode.Open, FileAccess.ReadWrite);
        var pages = file.Length / Page;
        for (var page = pages / 2; page < pages - 2; page++)
        {
            file.Position = page * Page;
            await file.WriteAsync(Enumerable.Repeat((byte)0xa5, Page).ToArray(), TestContext.Current.CancellationToken);
        }
    }
}
