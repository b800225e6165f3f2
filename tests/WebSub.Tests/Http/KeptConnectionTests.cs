using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebSub.Http;

public sealed class KeptConnectionTests
{
    private static readonly byte[] Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    [Fact]
    public async Task Post_KeptConnectionIsClosedAsItGoesOut_IsSentAgainOnAFreshOne()
    {
        await using var peer = new Peer((connection, number) => number == 1 ? Ok : null);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        using var first = await http.PostAsync(peer.Url, new ByteArrayContent("one"u8.ToArray()));
        using var second = await http.PostAsync(peer.Url, new ByteArrayContent("two"u8.ToArray()));

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(["1.1 one", "1.2 two", "2.1 two"], peer.Seen);
    }

    [Fact]
    public async Task Post_FreshConnectionIsClosed_IsNotSentAgain()
    {
        await using var peer = new Peer((_, _) => null);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync(peer.Url, new ByteArrayContent("one"u8.ToArray())));

        Assert.Equal(["1.1 one"], peer.Seen);
    }

    [Fact]
    public async Task Post_FreshConnectionIsClosedToo_IsSentNoThirdTime()
    {
        await using var peer = new Peer((connection, number) => connection == 1 && number == 1 ? Ok : null);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        using var first = await http.PostAsync(peer.Url, new ByteArrayContent("one"u8.ToArray()));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync(peer.Url, new ByteArrayContent("two"u8.ToArray())));

        Assert.Equal(["1.1 one", "1.2 two", "2.1 two"], peer.Seen);
    }

    [Fact]
    public async Task Post_AnswerBreaksOff_IsNotSentAgain()
    {
        await using var peer = new Peer((_, number) => number == 1 ? Ok : "HTTP/1.1 200"u8.ToArray());
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        using var first = await http.PostAsync(peer.Url, new ByteArrayContent("one"u8.ToArray()));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync(peer.Url, new ByteArrayContent("two"u8.ToArray())));

        Assert.Equal(["1.1 one", "1.2 two"], peer.Seen);
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(60_000)]
    [InlineData(250_000)]
    public async Task Get_AnswerWithManyHeaders_IsAnAnswer(int bytes)
    {
        var headers = string.Concat(Enumerable.Range(0, bytes / 1000).Select(i => $"X-{i:d4}: {new string('p', 990)}\r\n"));
        await using var peer = new Peer((_, _) => Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{headers}Content-Length: 0\r\n\r\n"));
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });

        using var response = await http.GetAsync(peer.Url);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Answers each request with these bytes, or closes the connection; any answer but <see cref="Ok"/> closes it too.</summary>
    private sealed class Peer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Func<int, int, byte[]?> _answer;
        private readonly CancellationTokenSource _over = new();
        private readonly Task _accepting;

        public Peer(Func<int, int, byte[]?> answer)
        {
            _answer = answer;
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public Uri Url => new($"http://{_listener.LocalEndpoint}/");

        /// <summary>Connection, number of the request on it, body.</summary>
        public List<string> Seen { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _accepting;
            _listener.Stop();
            _over.Dispose();
        }

        private async Task AcceptAsync()
        {
            try
            {
                for (var connection = 1; ; connection++)
                    _ = ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token), connection);
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }

        private async Task ServeAsync(TcpClient client, int connection)
        {
            using var _ = client;
            var stream = client.GetStream();
            var buffer = new byte[4096];
            for (var number = 1; ; number++)
            {
                var text = "";
                while (
                    !text.Contains("\r\n\r\n", StringComparison.Ordinal)
                    || (text.StartsWith("POST", StringComparison.Ordinal) && text.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                )
                {
                    var read = await stream.ReadAsync(buffer);
                    if (read == 0)
                        return;
                    text += Encoding.ASCII.GetString(buffer, 0, read);
                }

                Seen.Add($"{connection}.{number} {text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]}");
                if (_answer(connection, number) is not { } answer)
                    return;
                await stream.WriteAsync(answer);
                if (answer != Ok)
                    return;
            }
        }
    }
}
