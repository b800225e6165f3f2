using System.IO.Compression;
using System.Text;

namespace WebSub.Documents;

public sealed class ContentCodingTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i * 7919 % 10007} tides, "))
    );

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData(" X-GZIP ", "gzip")]
    [InlineData("gzip, ", "gzip")]
    [InlineData(" , ,GZip", "gzip")]
    [InlineData("gzip;q=1.0", "gzip")]
    [InlineData("\"gzip\"", "gzip")]
    [InlineData("Identity,X-Deflate", "zlib")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "raw")]
    [InlineData("br", "br")]
    [InlineData("gzip, gzip", "gzip gzip")]
    [InlineData("deflate, identity, br", "raw br")]
    [InlineData("br, utf-8, gzip", "br gzip")]
    [InlineData("utf-8", "")]
    [InlineData("UTF-8, none", "")]
    [InlineData("aws-chunked", "")]
    [InlineData("8bit", "")]
    [InlineData("text/html", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public async Task Decode_WhatCanBeUndone_IsUndone(string? coding, string layers)
    {
        var wire = Pack(Text, layers);

        var whole = ContentCoding.Decode(wire, coding, Text.Length);
        var piecemeal = await ReadAsync(ContentCoding.Decode(new Trickle(wire), coding)!);

        Assert.True(whole.Span.SequenceEqual(Text));
        Assert.Equal(Text, piecemeal);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "raw")]
    [InlineData("br", "br")]
    [InlineData("br, gzip", "br gzip")]
    [InlineData("gzip, br", "gzip br")]
    public async Task Decode_WhatBreaksOff_IsAnErrorWhereverItDoes(string coding, string layers)
    {
        var wire = Pack(Text[..3000], layers);

        for (var length = 1; length < wire.Length; length++)
        {
            var cut = wire[..length];

            Assert.Throws<InvalidDataException>(() => ContentCoding.Decode(cut, coding, Text.Length));
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(ContentCoding.Decode(new Trickle(cut), coding)!));
        }
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "raw")]
    public void Decode_WhatBreaksOff_GivesWhatCameBefore_AndNothingThatDidNot(string coding, string layer)
    {
        var wire = Pack(Text, layer);
        using var sut = ContentCoding.Decode(new MemoryStream(wire[..(wire.Length / 2)]), coding)!;
        var before = new MemoryStream();

        Assert.Throws<InvalidDataException>(() => sut.CopyTo(before));

        Assert.InRange(before.Length, Text.Length / 4, Text.Length);
        Assert.True(Text.AsSpan().StartsWith(before.ToArray()));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public void Decode_WhatIsSomethingElse_IsNamed(string coding)
    {
        var error = Assert.Throws<InvalidDataException>(() => ContentCoding.Decode(Text, coding, Text.Length));

        Assert.Contains($"The body is not {coding}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_SeveralMembers_OrJunkBehindTheLast_GivesAllOfThem()
    {
        byte[] members = [.. Pack(Text[..50], "gzip"), .. Pack(Text[50..], "gzip")];
        byte[] junk = [.. Pack(Text, "gzip"), 0, 0, 0, 0];

        Assert.True(ContentCoding.Decode(members, "gzip", Text.Length).Span.SequenceEqual(Text));
        Assert.True(ContentCoding.Decode(junk, "gzip", Text.Length).Span.SequenceEqual(Text));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public void Decode_Nothing_IsNothing(string coding) =>
        Assert.True(ContentCoding.Decode(ReadOnlyMemory<byte>.Empty, coding, 10).IsEmpty);

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, zstd")]
    [InlineData("gzip, gzip, gzip, gzip")]
    public void Decode_WhatCannotBeUndone_IsNull_AndNamed(string coding)
    {
        var error = Assert.Throws<InvalidDataException>(() => ContentCoding.Decode(Text, coding, Text.Length));

        Assert.Null(ContentCoding.Decode(Stream.Null, coding));
        Assert.Contains(coding, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_MoreThanTheLimit_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => ContentCoding.Decode(Pack(Text, "gzip"), "gzip", Text.Length - 1));

    private static byte[] Pack(byte[] body, string layers)
    {
        foreach (var layer in layers.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var buffer = new MemoryStream();
            using (
                Stream stream = layer switch
                {
                    "gzip" => new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
                    "br" => new BrotliStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
                    "zlib" => new ZLibStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
                    _ => new DeflateStream(buffer, CompressionLevel.Fastest, leaveOpen: true),
                }
            )
            {
                stream.Write(body);
            }

            body = buffer.ToArray();
        }

        return body;
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        await using (stream)
        {
            var result = new MemoryStream();
            await stream.CopyToAsync(result);
            return result.ToArray();
        }
    }

    /// <summary>Gives a few bytes at a time, as networks do.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 7)], cancellationToken);
    }
}
