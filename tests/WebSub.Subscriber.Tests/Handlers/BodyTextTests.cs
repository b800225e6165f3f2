using System.Text;
using WebSub.Subscriber.Handlers;
using Xunit;

namespace WebSub.Subscriber.Tests.Handlers;

public sealed class BodyTextTests
{
    [Theory]
    [InlineData("utf-8", null, "")]
    [InlineData("iso-8859-1", "text/plain; charset=ISO-8859-1", "")]
    [InlineData("iso-8859-1", "text/plain;CHARSET=\"latin1\"", "")]
    [InlineData("windows-1252", "text/html; charset=windows-1252", "")]
    [InlineData("utf-16", "text/plain; charset=utf-16", "")]
    [InlineData("iso-8859-1", "application/xml", "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>")]
    [InlineData("utf-8", "application/xml; charset=utf-8", "<?xml version='1.0' encoding='iso-8859-1'?>")]
    [InlineData("utf-8", "text/plain; charset=no-such-charset", "")]
    [InlineData("utf-8", "text/plain; xcharset=latin1", "")]
    public void Decode_InAnyCharset_GivesTheText(string charset, string? contentType, string start)
    {
        var text = start + "Grüße";
        var body = (CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset)).GetBytes(text);

        Assert.Equal(text, BodyText.Decode(body, contentType));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Decode_WithByteOrderMark_BelievesItAndDropsIt(string charset)
    {
        var encoding = Encoding.GetEncoding(charset);
        byte[] body = [.. encoding.GetPreamble(), .. encoding.GetBytes("Grüße")];

        Assert.Equal("Grüße", BodyText.Decode(body, "text/plain; charset=iso-8859-1"));
    }

    [Fact]
    public void Decode_BytesThatDoNotFit_DoNotThrow()
    {
        Assert.Equal("a\uFFFDb", BodyText.Decode([(byte)'a', 0xFF, (byte)'b'], "text/plain"));
        Assert.Equal("", BodyText.Decode([], null));
    }
}
