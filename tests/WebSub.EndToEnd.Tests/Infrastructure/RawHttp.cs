using System.Net.Sockets;
using System.Text;

namespace WebSub.EndToEnd.Tests.Infrastructure;

/// <summary>One HTTP/1.1 exchange, written byte for byte by the test: no client corrects what is wrong with it.</summary>
internal static class RawHttp
{
    /// <summary>Sends a request and reads the answer to its end.</summary>
    /// <param name="origin">Scheme, host and port.</param>
    /// <param name="head">Request line and headers, one a line, without Host (unless it is given), Content-Length and Connection.</param>
    /// <param name="body">The body; null for none.</param>
    public static async Task<RawResponse> SendAsync(string origin, string head, byte[]? body = null)
    {
        var target = new Uri(origin);
        var text = new StringBuilder(head.ReplaceLineEndings("\r\n")).Append("\r\n");
        if (!head.Contains("\nHost:", StringComparison.Ordinal))
            text.Append("Host: ").Append(target.Authority).Append("\r\n");
        if (body is not null && !head.Contains("\nTransfer-Encoding:", StringComparison.Ordinal))
            text.Append("Content-Length: ").Append(body.Length).Append("\r\n");
        text.Append("Connection: close\r\n\r\n");

        using var deadline = new CancellationTokenSource(Deadline.Default);
        using var client = new TcpClient();
        await client.ConnectAsync(target.Host, target.Port, deadline.Token);
        await using var stream = client.GetStream();
        var writing = WriteAsync(stream, [.. Encoding.Latin1.GetBytes(text.ToString()), .. body ?? []], deadline.Token);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, deadline.Token);
        await writing;
        return RawResponse.Parse(Encoding.UTF8.GetString(answer.ToArray()));
    }

    /// <summary>POSTs a form.</summary>
    public static Task<RawResponse> PostFormAsync(string url, string form) => PostFormAsync(url, Encoding.UTF8.GetBytes(form));

    /// <inheritdoc cref="PostFormAsync(string, string)"/>
    public static Task<RawResponse> PostFormAsync(string url, byte[] form) =>
        SendAsync(url, $"POST {new Uri(url).PathAndQuery} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded", form);

    private static async Task WriteAsync(NetworkStream stream, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException)
        {
            // The peer has answered and hung up without reading the rest; its answer is what counts.
        }
    }
}
