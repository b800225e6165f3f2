using System.Net;
using System.Net.Sockets;
using System.Text;
using WebSub.LoadTests.Processes;
using WebSub.LoadTests.Results;

namespace WebSub.LoadTests.Scenarios;

/// <summary>
/// Memory of 10,000 clients that have an event stream open and get nothing but heartbeats: what the server's resident memory has grown by
/// after ten seconds and after a minute.
/// </summary>
internal static class Streams
{
    private const int Clients = 10_000;
    private const int QuickClients = 2_000;
    private const double Megabyte = 1024 * 1024;
    private const double MostMegabytes = 200;
    private const string Topic = "http://publisher.example/live";

    private static readonly Dictionary<string, string> Settings = new() { ["WebSub__Hub__Events__MaxClients"] = $"{Clients}" };

    public static async Task<IReadOnlyList<Measurement>> RunAsync(Run run)
    {
        var clients = run.Quick ? QuickClients : Clients;
        run.Say($"streams: {clients:n0} clients of one topic's event stream, idle");
        var (early, late, limit) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < (run.Quick ? 1 : Math.Min(run.Rounds, 3)); round++)
        {
            await using var rig = await Rig.StartAsync(Storage.Sqlite, origins: 1, Settings, run.CancellationToken);
            await rig.Hub.PublishAsync(Topic, Updates.Content(1), run.CancellationToken);
            var idle = rig.Hub.ResidentBytes / Megabyte;
            var open = new List<Socket>();
            try
            {
                while (open.Count < clients)
                    open.Add(await OpenAsync(new Uri(rig.Hub.Url), run.CancellationToken));
                await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, run.CancellationToken);
                early.Add((rig.Hub.ResidentBytes / Megabyte) - idle);
                await Task.Delay(TimeSpan.FromSeconds(run.Quick ? 5 : 50), TimeProvider.System, run.CancellationToken);
                late.Add((rig.Hub.ResidentBytes / Megabyte) - idle);
                limit.Add(MostMegabytes);
            }
            finally
            {
                open.ForEach(s => s.Dispose());
            }

            run.Say($"  round {round + 1}: {idle:n0} MB idle, {early[^1]:n0} MB more after 10 s, {late[^1]:n0} MB more after a minute");
        }

        return
        [
            new Measurement("streams, 10 s", Storage.Sqlite, "MB", Target.RatioAtMost(1)).With(early, limit),
            new Measurement("streams, a minute", Storage.Sqlite, "MB", Target.RatioAtMost(1)).With(late, limit),
        ];
    }

    private static async Task<Socket> OpenAsync(Uri hub, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, hub.Port, cancellationToken);
            var request =
                $"GET {hub.AbsolutePath}/events?topic={Uri.EscapeDataString(Topic)} HTTP/1.1\r\n"
                + $"Host: {hub.Authority}\r\nAccept: text/event-stream\r\n\r\n";
            await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
            var answer = new byte[512];
            var length = await socket.ReceiveAsync(answer, cancellationToken);
            if (!Encoding.ASCII.GetString(answer, 0, length).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
                throw new InvalidOperationException($"The hub answered {Encoding.ASCII.GetString(answer, 0, length)}");
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
