using System.Diagnostics;
using System.Globalization;
using WebSub.TestSupport;

namespace WebSub.LoadTests.Processes;

/// <summary>
/// A private PostgreSQL in a temporary folder, with its default settings: commits wait for the disk. It ends with this process, even if
/// that is killed.
/// </summary>
internal sealed class PostgreSqlProcess : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly string _folder;
    private readonly string _options;
    private Process? _process;

    private PostgreSqlProcess(string folder, int port, string options)
    {
        (_folder, Port, _options) = (folder, port, options);
        ConnectionString = $"Host=127.0.0.1;Port={port};Username=websub;Database=postgres";
    }

    public int Port { get; }

    public string ConnectionString { get; }

    /// <summary>The folder of PostgreSQL's programs; null if there are none.</summary>
    public static string? Programs { get; } = FindPrograms();

    /// <summary>Starts it in a folder that exists.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellationToken">Cancels the wait for it.</param>
    /// <param name="options">More options of its command line.</param>
    public static async Task<PostgreSqlProcess> StartAsync(string folder, CancellationToken cancellationToken, string options = "")
    {
        // PostgreSQL refuses to run as root, so root gives the folder to the postgres user that Debian's package creates.
        if (IsRoot)
            await RunAsync(Start("chown", "postgres", folder), cancellationToken);
        await RunAsync(
            Shell($"{Programs}/initdb -D {folder}/data -A trust -U websub --no-instructions >{folder}/log 2>&1"),
            cancellationToken
        );

        var server = new PostgreSqlProcess(folder, FreePort.Next(), options);
        try
        {
            await server.RunAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, with what it has on disk.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The shell waits for the end of its input, which comes when this process ends, however it ends.
        _process = Shell(
            $"{Programs}/postgres -D {_folder}/data -p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} "
                + $"{_options} >>{_folder}/log 2>&1 & cat >/dev/null; kill -QUIT $!; wait $!"
        );
        await ListensAsync(cancellationToken);
    }

    /// <summary>Ends it without a chance to finish anything (SIGQUIT, its "immediate" shutdown).</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>The processes that it consists of at the moment.</summary>
    public IReadOnlyList<int> ProcessIds()
    {
        var main = int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        return
        [
            main,
            .. File.ReadAllText($"/proc/{main}/task/{main}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse),
        ];
    }

    /// <summary>The processor time that those have taken so far.</summary>
    public TimeSpan ProcessorTime()
    {
        var sum = TimeSpan.Zero;
        foreach (var id in ProcessIds())
        {
            try
            {
                using var process = Process.GetProcessById(id);
                sum += process.TotalProcessorTime;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It has ended meanwhile.
            }
        }

        return sum;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task ListensAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var look = Start($"{Programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", $"{Port}");
            await look.WaitForExitAsync(cancellationToken);
            if (look.ExitCode == 0)
                return;
            if (waited.Elapsed > Deadline || _process!.HasExited)
                throw new InvalidOperationException(
                    "PostgreSQL does not start: " + await File.ReadAllTextAsync(Path.Combine(_folder, "log"), cancellationToken)
                );
            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }
    }

    private static string? FindPrograms()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).OrderByDescending(Version)
            : Enumerable.Empty<string>();
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return debian.Concat(path).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")));

        static int Version(string bin) => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), out var version) ? version : 0;
    }

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    private static Process Shell(string command) =>
        IsRoot ? Start("su", "postgres", "-s", "/bin/sh", "-c", command) : Start("/bin/sh", "-c", command);

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                WorkingDirectory = "/",
            }
        )!;

    private static async Task RunAsync(Process process, CancellationToken cancellationToken)
    {
        using (process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException(
                    $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}."
                );
        }
    }
}
