using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebSub.Hub.Tests.Publishing;

/// <summary>Answers each request with the number it has, and one header with bytes that a server of ASP.NET Core would not send.</summary>
internal sealed class RawPublisher : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _header;
    private readonly Task _serving;

    private RawPublisher(string header)
    {
        _header = header;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/";

    public static Task<RawPublisher> StartAsync(string name, string value) => Task.FromResult(new RawPublisher($"{name}: {value}"));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            for (var i = 1; ; i++)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var stream = client.GetStream();
                using (var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true))
                {
                    while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 }) { }
                }

                await stream.WriteAsync(
                    Encoding.Latin1.GetBytes(
                        $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1\r\nConnection: close\r\n{_header}\r\n\r\n{i}"
                    ),
                    _stop.Token
                );
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
