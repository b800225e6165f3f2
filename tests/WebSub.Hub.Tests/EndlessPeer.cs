using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace WebSub.Hub.Tests;

/// <summary>
/// A callback and a topic in one: whatever the request, the body of its answer does not end before the hub hangs up. On bare sockets, since
/// they show at once when the other side stops reading.
/// </summary>
internal sealed partial class EndlessPeer : IAsyncDisposable
{
    /// <summary>
    /// More than the buffers of two sockets hold before the writer has to wait, and far less than a reader that goes on would get.
    /// </summary>
    public const long Buffered = 32L << 20;

    private static readonly byte[] Chunk = [.. "4000\r\n"u8, .. new byte[0x4000], .. "\r\n"u8];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<HangUp> _hangUps = Channel.CreateUnbounded<HangUp>();
    private readonly bool _confirmsEndlessly;
    private readonly Task _serving;

    /// <param name="confirmsEndlessly">False lets a confirmation end with its challenge.</param>
    public EndlessPeer(bool confirmsEndlessly = false)
    {
        _confirmsEndlessly = confirmsEndlessly;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/endless";

    /// <summary>The next answer that the hub stopped reading.</summary>
    public Task<HangUp> NextHangUpAsync() => _hangUps.Reader.ReadAsync().AsTask().WaitAsync(HubHost.Deadline);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var answering = new List<Task>();
        try
        {
            while (true)
                answering.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }

        await Task.WhenAll(answering);
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var connection = client;
        var stream = connection.GetStream();
        var (asked, challenge) = await ReadAsync(stream);
        var start = challenge is null ? "" : $"{challenge.Length:x}\r\n{challenge}\r\n";
        var ends = challenge is not null && !_confirmsEndlessly;
        var taken = 0L;
        try
        {
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nTransfer-Encoding: "
                        + $"chunked\r\n\r\n{start}{(ends ? "0\r\n\r\n" : "")}"
                ),
                _stop.Token
            );
            if (ends)
                return;
            for (; ; taken += Chunk.Length)
                await stream.WriteAsync(Chunk, _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The hub has hung up: what this peer waits for.
        }

        _hangUps.Writer.TryWrite(new(asked, taken));
    }

    private async Task<(string Body, string? Challenge)> ReadAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var request = await reader.ReadLineAsync(_stop.Token) ?? "";
        var length = 0;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(line.AsSpan(15), CultureInfo.InvariantCulture);
        }

        var body = new char[length];
        // With nothing received, it would wait for more.
        if (length > 0)
            await reader.ReadBlockAsync(body, _stop.Token);
        return (new(body), ChallengePattern().Match(request) is { Success: true } match ? match.Groups["challenge"].Value : null);
    }

    [GeneratedRegex(@"[?&]hub\.challenge=(?<challenge>\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex ChallengePattern();

    /// <param name="Asked">The body of the request.</param>
    /// <param name="Taken">How many bytes of the answer could be written.</param>
    public sealed record HangUp(string Asked, long Taken);
}
