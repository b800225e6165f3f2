using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WebSub.LoadTests.Processes;

/// <summary>
/// A private PostgreSQL in a temporary folder, with its default settings: commits wait for the disk. It ends with this process, even if
/// that is killed.
/// </summary>
internal sealed class PostgreSqlProcess : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private PostgreSqlProcess(Process process, int port) =>
        (_process, ConnectionString) = (process, $"Host=127.0.0.1;Port={port};Username=websub;Database=postgres");

    public string ConnectionString { get; }

    /// <summary>The folder of PostgreSQL's programs; null if there are none.</summary>
    public static string? Programs { get; } = FindPrograms();

    /// <summary>Starts it in a folder that exists.</summary>
    public static async Task<PostgreSqlProcess> StartAsync(string folder, CancellationToken cancellationToken)
    {
        // PostgreSQL refuses to run as root, so root gives the folder to the postgres user that Debian's package creates.
        var asRoot = string.Equals(Environment.UserName, "root", StringComparison.Ordinal);
        if (asRoot)
            await RunAsync(Start("chown", "postgres", folder), cancellationToken);
        await RunAsync(
            Shell(asRoot, $"{Programs}/initdb -D {folder}/data -A trust -U websub --no-instructions >{folder}/log 2>&1"),
            cancellationToken
        );

        var port = FreePort();
        // The shell waits for the end of its input, which comes when this process ends, however it ends.
        var process = Shell(
            asRoot,
            $"{Programs}/postgres -D {folder}/data -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} "
                + $">>{folder}/log 2>&1 & cat >/dev/null; kill -QUIT $!; wait $!"
        );
        var server = new PostgreSqlProcess(process, port);
        try
        {
            await server.ListensAsync(folder, port, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ListensAsync(string folder, int port, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var look = Start($"{Programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", $"{port}");
            await look.WaitForExitAsync(cancellationToken);
            if (look.ExitCode == 0)
                return;
            if (waited.Elapsed > Deadline || _process.HasExited)
                throw new InvalidOperationException(
                    "PostgreSQL does not start: " + await File.ReadAllTextAsync(Path.Combine(folder, "log"), cancellationToken)
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

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
