using System.Globalization;
using WebSub.TestSupport;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>
/// A private RabbitMQ of one or more nodes in a temporary folder, on loopback; without RabbitMQ on the machine the calling test is skipped.
/// </summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("websub-rmq-").FullName;
    private readonly List<RabbitMqNode> _nodes = [];
    private RunningProcess? _names;

    /// <summary>The addresses of all nodes, separated by commas.</summary>
    public string Url => string.Join(',', _nodes.Select(n => n.Url));

    public IReadOnlyList<RabbitMqNode> Nodes => _nodes;

    public static async Task<RabbitMqServer> StartAsync(int nodes = 1)
    {
        RabbitMqNode.SkipIfMissing();
        var server = new RabbitMqServer();
        var namesPort = FreePort.Next();
        server._names = RunningProcess.Start("epmd", ["-port", namesPort.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1"]);
        for (var i = 0; i < nodes; i++)
        {
            var node = new RabbitMqNode(server._folder, namesPort, server._nodes.FirstOrDefault());
            server._nodes.Add(node);
            await node.RunAsync();
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        if (_names is not null)
            await _names.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
