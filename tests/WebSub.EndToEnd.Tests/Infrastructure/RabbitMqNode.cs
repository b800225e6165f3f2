using System.Diagnostics;
using System.Globalization;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>One node of a <see cref="RabbitMqServer"/>: it can be killed and started again with what it has on disk.</summary>
/// <param name="folder">What the nodes of one server share: the cookie by which they know each other.</param>
/// <param name="namesPort">The port of the server's name service.</param>
/// <param name="first">The node whose cluster this one joins; null if it is the first.</param>
internal sealed class RabbitMqNode(string folder, int namesPort, RabbitMqNode? first) : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly int _port = FreePort.Next();
    private readonly int _peerPort = FreePort.Next();
    private RunningProcess? _server;

    public string Url => $"amqp://guest:guest@127.0.0.1:{_port}";

    private string Name => $"websub{_port}@localhost";

    private string Folder => Path.Combine(folder, $"{_port}");

    private string PidFile => Path.Combine(Folder, "pid");

    public static void SkipIfMissing()
    {
        if (!File.Exists(Program))
            Assert.Skip($"RabbitMQ is not installed (looked for {Program}).");
    }

    /// <summary>Starts it, for the first time or after <see cref="KillAsync"/>.</summary>
    public async Task RunAsync()
    {
        var home = Directory.CreateDirectory(Path.Combine(folder, "home")).FullName;
        foreach (var name in (string[])["data", "log"])
            Directory.CreateDirectory(Path.Combine(Folder, name));
        await File.WriteAllTextAsync(Path.Combine(Folder, "plugins"), "[].");
        await File.WriteAllTextAsync(Path.Combine(Folder, "rabbitmq.conf"), Configuration());
        _server = RunningProcess.Start(
            Program,
            [],
            new Dictionary<string, string?>
            {
                ["HOME"] = home,
                ["RABBITMQ_NODENAME"] = Name,
                ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_NODE_PORT"] = _port.ToString(CultureInfo.InvariantCulture),
                ["RABBITMQ_DIST_PORT"] = _peerPort.ToString(CultureInfo.InvariantCulture),
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["ERL_EPMD_PORT"] = namesPort.ToString(CultureInfo.InvariantCulture),
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(Folder, "data"),
                ["RABBITMQ_LOG_BASE"] = Path.Combine(Folder, "log"),
                ["RABBITMQ_CONFIG_FILE"] = Path.Combine(Folder, "rabbitmq"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(Folder, "plugins"),
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
    }

    private string Configuration() =>
        first is null
            ? "loopback_users = none\n"
            : "loopback_users = none\n"
                + "cluster_formation.peer_discovery_backend = classic_config\n"
                + $"cluster_formation.classic_config.nodes.1 = {first.Name}\n";
}
