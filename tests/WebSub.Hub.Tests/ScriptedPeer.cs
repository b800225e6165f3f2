using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebSub.Hub.Tests;

/// <summary>
/// A topic or a callback that answers each request with exactly the bytes that a test says, and then hangs up: what a server of ASP.NET
/// Core would never send.
/// </summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Func<string, int, byte[]> _answer;
    private readonly Task _serving;

    /// <param name="answer">The answer to the request with this target, the Nth from 1.</param>
    public ScriptedPeer(Func<string, int, byte[]> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Scheme, host and port, without a slash.</summary>
    public string Origin => $"http://{_listener.LocalEndpoint}";

    /// <summary>The requests so far, each with its headers.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>An answer of these headers, a line each, and this body.</summary>
    public static byte[] Answer(string head, byte[] body) =>
        [.. Encoding.Latin1.GetBytes($"HTTP/1.1 {head.ReplaceLineEndings("\r\n")}\r\nConnection: close\r\n\r\n"), .. body];

    /// <summary>A body as chunks, which end well.</summary>
    public static byte[] Chunks(byte[] body) => [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];

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
                var request = new StringBuilder();
                using (var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true))
                {
                    while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                        request.Append(line).Append('\n');
                }

                _requests.Enqueue(request.ToString());
                await stream.WriteAsync(_answer(request.ToString().Split(' ')[1], i), _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
