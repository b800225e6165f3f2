namespace WebSub.Http;

/// <summary>
/// One HTTP/1.1 connection, which notes whether it has served before: when it ends then, instead of answering, the request is not to blame.
/// </summary>
internal sealed class KeptConnectionStream(Stream inner) : Stream
{
    private bool _hasServed;
    private bool _asks;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (_hasServed && _asks)
        {
            throw new KeptConnectionClosedException(e);
        }

        // A read into nothing only waits until there is something.
        if (buffer.Length == 0)
            return read;
        if (read > 0)
            (_hasServed, _asks) = (true, false);
        else if (_hasServed && _asks)
            throw new KeptConnectionClosedException();
        else
            _ended = true;
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // It ended while it was idle, too late for the pool to notice.
        if (_ended && _hasServed)
            throw new KeptConnectionClosedException();
        _asks = true;
        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (_hasServed)
        {
            throw new KeptConnectionClosedException(e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
