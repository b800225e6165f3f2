using System.Net;
using System.Net.Sockets;

namespace WebSub.Fuzz;

/// <summary>Answers every request with the bytes it is told to, and hangs up.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public RawServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/";

    public byte[] Answer { get; set; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var request = new byte[64 * 1024];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using var stream = client.GetStream();
                _ = await stream.ReadAsync(request, _stop.Token);
                await stream.WriteAsync(Answer, _stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                // Closed with something unread, the connection would be reset and the answer lost.
                while (await stream.ReadAsync(request, _stop.Token) > 0)
                {
                    // Whatever it is.
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // Stopped, or the client has had enough.
            }
        }
    }
}
