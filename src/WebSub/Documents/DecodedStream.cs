using System.IO.Compression;

namespace WebSub.Documents;

/// <summary>
/// A body with one content coding undone. What the decoders of the runtime let pass or throw in ways of their own is an
/// <see cref="InvalidDataException"/> here: a stream that breaks off, and one that is not what it is said to be. A decoder may be done
/// before its source is, so the source is asked once more: what lies below notices only then that it breaks off.
/// </summary>
internal sealed class DecodedStream(Stream body, CodingLayer layer) : Stream
{
    private readonly CompressedSource _source = new(body);
    private Stream? _decoder;
    private bool _isAtEnd;

    /// <summary>True once a decoder that never says that it is done has been given more than there is.</summary>
    private bool _hasGoneOn;

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

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_isAtEnd)
            return 0;
        _decoder ??= Decoder(_source.Peek(2));
        int read;
        try
        {
            read = _decoder.Read(buffer);
            if (MustGoOn(read, buffer.Length))
                read = _decoder.Read(buffer);
        }
        catch (Exception e) when (IsOfTheDecoder(e))
        {
            throw Invalid(e);
        }

        if (read == 0 && buffer.Length > 0 && !_source.HasEnded)
            _ = body.Read(stackalloc byte[1]);
        return Checked(read, buffer.Length);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isAtEnd)
            return 0;
        _decoder ??= Decoder(await _source.PeekAsync(2, cancellationToken).ConfigureAwait(false));
        int read;
        try
        {
            read = await _decoder.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (MustGoOn(read, buffer.Length))
                read = await _decoder.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheDecoder(e))
        {
            throw Invalid(e);
        }

        if (read == 0 && buffer.Length > 0 && !_source.HasEnded)
            _ = await body.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false);
        return Checked(read, buffer.Length);
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
        {
            _decoder?.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private Stream Decoder(byte[] start) =>
        start.Length == 0
            ? Null // Nothing at all is no content, compressed or not.
            : layer switch
            {
                CodingLayer.Gzip => new GZipStream(_source, CompressionMode.Decompress),
                CodingLayer.Brotli => new BrotliStream(_source, CompressionMode.Decompress),
                _ when HasZlibHeader(start) => new ZLibStream(_source, CompressionMode.Decompress),
                _ => new DeflateStream(_source, CompressionMode.Decompress),
            };

    /// <summary>RFC 1950 §2.2: the method deflate, a window that exists, and a checksum over both bytes.</summary>
    private static bool HasZlibHeader(byte[] start) =>
        start is [var method, var flags] && (method & 0x0f) == 8 && method >> 4 <= 7 && ((method << 8) + flags) % 31 == 0;

    private bool MustGoOn(int read, int wanted)
    {
        if (_hasGoneOn || read > 0 || wanted == 0 || layer != CodingLayer.Gzip || !_source.HasEnded)
            return false;
        _source.GoOn();
        return _hasGoneOn = true;
    }

    private int Checked(int read, int wanted)
    {
        if (_hasGoneOn ? read > 0 || _source.WasAskedForMore : read == 0 && wanted > 0 && _source.WasAskedForMore)
            throw BrokenOff(null);
        _isAtEnd = read == 0 && wanted > 0;
        return read;
    }

    // The brotli decoder throws InvalidOperationException for bytes that are none of its own, and that of zlib an exception that only its
    // assembly knows, for a dictionary that it does not have.
    private static bool IsOfTheDecoder(Exception e) =>
        e is InvalidOperationException or InvalidDataException || e.GetType().Assembly == typeof(ZLibStream).Assembly;

    private InvalidDataException Invalid(Exception e) =>
        _source.HasEnded ? BrokenOff(e) : new($"The body is not {Name(layer)}, which its Content-Encoding says it is.", e);

    private InvalidDataException BrokenOff(Exception? e) =>
        new($"The compressed body ({Name(layer)}) breaks off before its end, or its checksum is wrong.", e);

    private static string Name(CodingLayer layer) =>
        layer switch
        {
            CodingLayer.Gzip => "gzip",
            CodingLayer.Deflate => "deflate",
            _ => "br",
        };
}
