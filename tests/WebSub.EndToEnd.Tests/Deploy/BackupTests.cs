using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Signatures;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Deploy;

/// <summary>
/// Backups of a hub that goes on working, as docs/operations/running.md makes them, restored and used: verified subscriptions with their
/// secrets are there, what came after the backup is not, and what was published after the restore is delivered.
/// </summary>
public sealed class BackupTests(PostgreSqlServer postgreSql) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-backup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Sqlite_VacuumInto_RestoresAHub()
    {
        // What the page hands to sqlite3, between quotes.
        var statement = ConsolePage.Read("docs/operations/running.md")[0].Single().Command.Split('"')[1];
        await RestoreAsync(
            $"Data Source={_folder}/hub.db",
            async () =>
            {
                await using var connection = new SqliteConnection($"Data Source={_folder}/hub.db");
                await connection.OpenAsync();
                await using var command = connection.CreateCommand();
                command.CommandText = statement.Replace("/var/backups/websub.db", $"{_folder}/backup.db", StringComparison.Ordinal);
                await command.ExecuteNonQueryAsync();
                return $"Data Source={_folder}/backup.db";
            }
        );
    }

    [Fact]
    public async Task PostgreSql_PgDump_RestoresAHub()
    {
        var database = await postgreSql.CreateDatabaseAsync();
        var target = await postgreSql.CreateDatabaseAsync();
        await RestoreAsync(
            database,
            async () =>
            {
                await RunAsync("pg_dump", database, "--format=custom", $"--file={_folder}/backup");
                await RunAsync("pg_restore", target, "--no-owner", $"{_folder}/backup");
                return target;
            }
        );
    }

    private static async Task RestoreAsync(string database, Func<Task<string>> backUp)
    {
        await using var sink = await CallbackSink.StartAsync();
        string restored;
        SinkCallback kept;
        SinkCallback lost;
        await using (var hub = await HubProcess.StartAsync(database))
        {
            kept = await hub.SubscribeAsync(sink, "http://topics.example/kept", secret: "tides");
            await hub.PushAsync(kept.Topic, "before the backup");
            await kept.WaitForDeliveriesAsync(1);
            restored = await backUp();
            lost = await hub.SubscribeAsync(sink, "http://topics.example/lost");
        }

        await using var again = await HubProcess.StartAsync(restored);
        await again.PushAsync(lost.Topic, "to nobody");
        await again.PushAsync(kept.Topic, "after the restore");
        await kept.WaitForDeliveryAsync(d => Encoding.UTF8.GetString(d.Body) == "after the restore");

        Assert.All(kept.Deliveries, d => Assert.Equal(SignatureVerdict.Valid, d.Signature));
        Assert.Empty(lost.Deliveries);
    }

    private static async Task RunAsync(string program, string connectionString, params string[] arguments)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var result = await CliProcess.RunProgramAsync(
            program,
            [
                $"--host={connection.Host}",
                $"--port={connection.Port}",
                $"--username={connection.Username}",
                $"--dbname={connection.Database}",
                .. arguments,
            ]
        );
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Error));
    }
}
