namespace WebSub.Documents;

/// <summary>
/// What a decoder reads from. It shows whether the decoder wanted more than there is: the decoders of the runtime take the end of a stream
/// for the end of its content, wherever it comes. Deflate and brotli know their last block and ask for nothing after it, so asking past the
/// end means that the stream breaks off. Gzip asks on in any case, for there may be another member: once it has given all its content, it
/// is given bytes that continue nothing. A decoder that had reached the end of a member drops them; one that had not chokes on them, or
/// makes content of them.
/// </summary>
internal sealed class CompressedSource(Stream source) : Stream
{
    /// <summary>Longer than a trailer of gzip, and neither one of its own nor the start of a member.</summary>
    private static readonly byte[] Probe = [.. Enumerable.Repeat((byte)0xa5, 64)];

    private byte[] _start = [];
    private int _startRead;
    private ReadOnlyMemory<byte> _probe;

    /// <summary>True once the source has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True once more was asked for than there is.</summary>
    public bool WasAskedForMore { get; private set; }

    /// <summary>Goes on after the end, with bytes that continue nothing.</summary>
    public void GoOn() => (_probe, WasAskedForMore) = (Probe, false);

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The first bytes, at most <paramref name="count"/>, which are read again afterwards.</summary>
    public byte[] Peek(int count)
    {
        var buffer = new byte[count];
        return _start = buffer[..source.ReadAtLeast(buffer, count, throwOnEndOfStream: false)];
    }

    /// <inheritdoc cref="Peek"/>
    public async ValueTask<byte[]> PeekAsync(int count, CancellationToken cancellationToken)
    {
        var buffer = new byte[count];
        var length = await source.ReadAtLeastAsync(buffer, count, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return _start = buffer[..length];
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => FromStart(buffer) is > 0 and var read ? read : Pass(source.Read(buffer), buffer);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = FromStart(buffer.Span);
        return read > 0 ? read : Pass(await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Span);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush() { }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }

    private int FromStart(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _start.Length - _startRead);
        _start.AsSpan(_startRead, length).CopyTo(buffer);
        _startRead += length;
        return length;
    }

    private int Pass(int read, Span<byte> buffer)
    {
        if (read > 0 || buffer.Length == 0)
            return read;
        HasEnded = true;
        WasAskedForMore = _probe.IsEmpty;
        var length = Math.Min(buffer.Length, _probe.Length);
        _probe.Span[..length].CopyTo(buffer);
        _probe = _probe[length..];
        return length;
    }
}
