using System.Text;

namespace WebSub.Documents;

public sealed class DocumentTextTests
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

        Assert.Equal(text, DocumentText.Decode(body, contentType));
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

        Assert.Equal("Grüße", DocumentText.Decode(body, "text/plain; charset=iso-8859-1"));
    }

    [Fact]
    public void Decode_BytesThatDoNotFit_DoNotThrow()
    {
        Assert.Equal("a\uFFFDb", DocumentText.Decode([(byte)'a', 0xFF, (byte)'b'], "text/plain"));
        Assert.Equal("", DocumentText.Decode([], null));
    }

    [Theory]
    [InlineData("utf-8", "cHLDqXM=", "prés")]
    [InlineData("Windows-1251", "z/Do6+ji", "Прилив")]
    [InlineData("x-cp1251", "z/Do6+ji", "Прилив")]
    [InlineData("koi8-r", "8NLJzMnX", "Прилив")]
    [InlineData("koi", "8NLJzMnX", "Прилив")]
    [InlineData("iso-8859-1", "k0dy/N9llA==", "“Grüße”")]
    [InlineData("us-ascii", "R3L832U=", "Grüße")]
    [InlineData("latin6", "uw==", "ŧ")]
    [InlineData("iso8859-14", "oQ==", "Ḃ")]
    [InlineData("iso-8859-16", "qg==", "Ș")]
    [InlineData("gb2312", "s7HPqw==", "潮汐")]
    [InlineData("chinese", "s7HPqw==", "潮汐")]
    [InlineData("Shift_JIS", "lp6Sqg==", "満潮")]
    [InlineData("ms932", "lp6Sqg==", "満潮")]
    [InlineData("euc-jp", "y/7ErA==", "満潮")]
    [InlineData("iso-2022-jp", "GyRCS35ELBsoQg==", "満潮")]
    [InlineData("ks_c_5601-1987", "ubC2pw==", "물때")]
    [InlineData("big5", "vOmmwQ==", "潮汐")]
    [InlineData("big5", "gQ==", null)]
    [InlineData("windows-874", "ocPR", "กรั")]
    [InlineData("x-user-defined", "YYA=", "a\uf780")]
    [InlineData("utf-7", "K0FPay0=", "+AOk-")]
    [InlineData("x-mac-klingon", "cHLDqXM=", "prés")]
    public void DecodeStrictly_AnyLabel_GivesTheText_OrNothingAtAll(string label, string bytes, string? expected)
    {
        var text = DocumentText.DecodeStrictly(Convert.FromBase64String(bytes), $"text/plain; charset={label}");

        Assert.Equal(expected, text);
    }

    [Fact]
    public void Decode_WithCharsetTwice_TakesTheFirstThatIsKnown()
    {
        Assert.Equal("ü", DocumentText.Decode([0xfc], "text/xml; charset=bogus; charset=iso-8859-1; charset=koi8-r"));
        Assert.Equal("ü", DocumentText.Decode("ü"u8, "text/xml; charset=utf-8, text/xml; charset=iso-8859-1"));
    }

    [Theory]
    [InlineData("text/xml", "utf-16", "utf-8", false)]
    [InlineData("text/xml; charset=utf-16", "utf-16", "utf-8", false)]
    [InlineData("text/xml", "UTF-16", "utf-16", false)]
    [InlineData("text/xml; charset=utf-16", "UTF-16", "utf-16BE", false)]
    [InlineData("text/xml; charset=utf-8", "UTF-16", "utf-16", true)]
    [InlineData("text/xml; charset=utf-8", "UTF-16", "utf-16BE", false)]
    public void Decode_Utf16_BelievesTheBytes(string contentType, string declared, string written, bool withMark)
    {
        var encoding = Encoding.GetEncoding(written);
        var xml = $"<?xml version=\"1.0\" encoding=\"{declared}\"?><a>Grüße</a>";
        byte[] body = [.. withMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(xml)];

        var text = DocumentText.Decode(body, contentType);

        Assert.Equal(xml, text);
    }

    [Fact]
    public void Decode_ADeclarationInsideOfWhatIsQuoted_IsNotBelieved()
    {
        const string Feed = "<feed><content><![CDATA[<?xml version='1.0' encoding='windows-1251'?>]]></content>ü</feed>";

        Assert.Equal(Feed, DocumentText.Decode(Encoding.UTF8.GetBytes(Feed), "application/atom+xml"));
    }
}
