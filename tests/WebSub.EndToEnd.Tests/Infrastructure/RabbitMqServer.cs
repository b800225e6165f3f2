using System.Diagnostics;
using System.Globalization;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>A private RabbitMQ in a temporary folder, on loopback; without RabbitMQ on the machine the calling test is skipped.</summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-rmq-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly int _peerPort = FreePort.Next();
    private readonly int _namesPort = FreePort.Next();
    private RunningProcess? _names;
    private RunningProcess? _server;

    public string Url => $"amqp://guest:guest@127.0.0.1:{_port}";

    public static async Task<RabbitMqServer> StartAsync()
    {
        if (!File.Exists(Program))
            Assert.Skip($"RabbitMQ is not installed (looked for {Program}).");
        var server = new RabbitMqServer();
        server._names = RunningProcess.Start(
            "epmd",
            ["-port", server._namesPort.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1"]
        );
        await server.RunAsync();
        return server;
    }

    /// <summary>Starts it, for the first time or after <see cref="KillAsync"/>.</summary>
    public async Task RunAsync()
    {
        foreach (var folder in (string[])["home", "data", "log"])
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        await File.WriteAllTextAsync(Path.Combine(_folder, "plugins"), "[].");
        await File.WriteAllTextAsync(Path.Combine(_folder, "rabbitmq.conf"), "loopback_users = none\n");
        _server = RunningProcess.Start(
            Program,
            [],
            new Dictionary<string, string?>
            {
                ["HOME"] = Path.Combine(_folder, "home"),
                ["RABBITMQ_NODENAME"] = $"websub{_port}@localhost",
                ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_NODE_PORT"] = _port.ToString(CultureInfo.InvariantCulture),
                ["RABBITMQ_DIST_PORT"] = _peerPort.ToString(CultureInfo.InvariantCulture),
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["ERL_EPMD_PORT"] = _namesPort.ToString(CultureInfo.InvariantCulture),
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "data"),
                ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
                ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "plugins"),
                ["RABBITMQ_PID_FILE"] = PidFile,
                ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            }
        );
        await _server.WaitForLineAsync("completed with \\d+ plugins", Deadline);
    }

    /// <summary>Ends the broker without a chance to save anything.</summary>
    public async Task KillAsync()
    {
        using (var broker = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(PidFile), CultureInfo.InvariantCulture)))
            broker.Kill();
        await _server!.WaitForExitAsync(Deadline);
        await _server.DisposeAsync();
        _server = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await KillAsync();
        if (_names is not null)
            await _names.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string PidFile => Path.Combine(_folder, "pid");
}
