using System.Diagnostics;
using Npgsql;
using Xunit;

namespace WebSub.TestSupport;

/// <summary>
/// A private PostgreSQL in a temporary folder, one for a test assembly: <c>[assembly: AssemblyFixture(typeof(PostgreSqlServer))]</c>. It
/// starts when the first test asks for a database and ends with the test process, even when that is killed. Without PostgreSQL on the
/// machine such tests are skipped.
/// </summary>
public sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string User = "websub";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "websub-pg-" + Guid.NewGuid().ToString("N")[..8]);
    private Process? _process;
    private int _port;

    /// <summary>Makes an empty database and returns its connection string; skips the calling test when there is no PostgreSQL.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        if (FindBinaries() is not { } binaries)
        {
            Assert.Skip("PostgreSQL is not installed (looked for /usr/lib/postgresql/*/bin/initdb and for initdb on the PATH).");
            return "";
        }

        await EnsureStartedAsync(binaries);
        var name = "t" + Guid.NewGuid().ToString("N");
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The name is made above; a database name cannot be a parameter.
        command.CommandText = $"create database {name}";
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Stops all of its processes where they are, as on a machine that is suspended: connections stay, nothing answers.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets them go on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Ends the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        _starting.Dispose();
        if (_process is null)
            return;
        NpgsqlConnection.ClearAllPools();
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(deadline.Token);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        var server = (await File.ReadAllLinesAsync(Path.Combine(_folder, "data", "postmaster.pid")))[0];
        // The server first, so that no new one comes; its own are in one file.
        await RunAsync(Start("kill", $"-{signal}", server));
        var own = await File.ReadAllTextAsync($"/proc/{server}/task/{server}/children");
        // Some end by themselves at this moment.
        await RunAsync(Start("/bin/sh", "-c", $"for process in {own}; do kill -{signal} $process 2>/dev/null; done; true"));
    }

    private static string? FindBinaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).OrderByDescending(Version)
            : Enumerable.Empty<string>();
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")));

        static int Version(string bin) => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), out var version) ? version : 0;
    }

    private async Task EnsureStartedAsync(string binaries)
    {
        await _starting.WaitAsync();
        try
        {
            if (_process is null)
                await StartAsync(binaries);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task StartAsync(string binaries)
    {
        // PostgreSQL refuses to run as root, so root hands the folder to the postgres user that Debian's package makes.
        Directory.CreateDirectory(_folder);
        var asRoot = string.Equals(Environment.UserName, "root", StringComparison.Ordinal);
        if (asRoot)
            await RunAsync(Start("chown", "postgres", _folder));
        await RunAsync(
            Shell(asRoot, $"{binaries}/initdb -D {_folder}/data -A trust -U {User} --no-instructions --no-sync >{_folder}/log 2>&1")
        );

        _port = FreePort.Next();
        // The shell waits for the end of its input, which comes with our own end, however we end.
        _process = Shell(
            asRoot,
            $"{binaries}/postgres -D {_folder}/data -p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} "
                + $"-c fsync=off -c full_page_writes=off -c autovacuum=off -c max_connections=300 >>{_folder}/log 2>&1 & cat >/dev/null; kill -QUIT $!; wait $!"
        );
        await ConnectAsync();
    }

    private async Task ConnectAsync()
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < Deadline && !_process!.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
            catch (NpgsqlException e)
            {
                throw new InvalidOperationException(
                    "PostgreSQL does not start: " + await File.ReadAllTextAsync(Path.Combine(_folder, "log")),
                    e
                );
            }
        }
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username={User};Database={database};Maximum Pool Size=40";

    private static Process Shell(bool asRoot, string command) =>
        asRoot ? Start("su", "postgres", "-s", "/bin/sh", "-c", command) : Start("/bin/sh", "-c", command);

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                WorkingDirectory = "/",
            }
        )!;

    private static async Task RunAsync(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            using var deadline = new CancellationTokenSource(Deadline);
            await process.WaitForExitAsync(deadline.Token);
            if (process.ExitCode != 0)
                throw new InvalidOperationException(
                    $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}."
                );
        }
    }
}
