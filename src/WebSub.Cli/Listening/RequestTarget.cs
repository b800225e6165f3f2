using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace WebSub.Cli.Listening;

/// <summary>
/// Percent-encodes bytes outside ASCII in what is requested, before the server reads it: some hubs write them into the query as they are,
/// and the server would refuse the request.
/// </summary>
internal sealed class RequestTarget
{
    private const byte LineFeed = (byte)'\n';

    private bool _isInLine = true;
    private bool _isGet;
    private bool _hasEnded;
    private int _line;

    /// <summary>The connection middleware.</summary>
    public static ConnectionDelegate Escape(ConnectionDelegate next) =>
        async connection =>
        {
            var transport = connection.Transport;
            var pipe = new Pipe();
            connection.Transport = new Duplex(pipe.Reader, transport.Output);
            var copying = new RequestTarget().CopyAsync(transport.Input, pipe.Writer);
            try
            {
                await next(connection);
            }
            finally
            {
                connection.Transport = transport;
                await pipe.Reader.CompleteAsync();
                transport.Input.CancelPendingRead();
                await copying;
            }
        };

    private async Task CopyAsync(PipeReader from, PipeWriter to)
    {
        Exception? fault = null;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync();
                foreach (var segment in read.Buffer)
                    Copy(segment.Span, to);
                from.AdvanceTo(read.Buffer.End);
                if ((await to.FlushAsync()).IsCompleted || read.IsCompleted || read.IsCanceled)
                    break;
            }
        }
#pragma warning disable CA1031 // It is for the server to see: it reads the other end.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault = e;
        }

        await to.CompleteAsync(fault);
    }

    /// <summary>A request without a body ends with its headers; behind one with a body nothing is looked at any more.</summary>
    private void Copy(ReadOnlySpan<byte> bytes, PipeWriter to)
    {
        while (bytes.Length > 0 && !_hasEnded)
        {
            var end = bytes.IndexOf(LineFeed);
            var line = end < 0 ? bytes : bytes[..(end + 1)];
            if (_isInLine)
                EscapeTo(line, to);
            else
                to.Write(line);
            if (_isInLine && _line == 0)
                _isGet = line[0] == 'G';
            _line += line.Length;
            bytes = bytes[line.Length..];
            if (end < 0)
                return;
            // An empty line, with its carriage return or without.
            var isEmpty = _line <= 2;
            _hasEnded = isEmpty && !_isInLine && !_isGet;
            _isInLine = isEmpty;
            _line = 0;
        }

        to.Write(bytes);
    }

    private static void EscapeTo(ReadOnlySpan<byte> line, PipeWriter to)
    {
        while (line.IndexOfAnyInRange((byte)0x80, (byte)0xff) is >= 0 and var at)
        {
            to.Write(line[..at]);
            to.Write("%"u8);
            to.Write(Hex(line[at]));
            line = line[(at + 1)..];
        }

        to.Write(line);
    }

    private static byte[] Hex(byte value) => System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString([value]));

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
