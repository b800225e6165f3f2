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
    [InlineData("big5-hkscs", "QYdnQqSkQw==", "A綕B中C")]
    [InlineData("big5", "iGKIZQ==", "Ê̄Ề")]
    [InlineData("euc-jp", "j7ChQbCh", "丂A亜")]
    [InlineData("euc-jp", "jqZB", "ｦA")]
    [InlineData("shift_jis", "h5CBQO1A", "≒　纊")]
    [InlineData("gbk", "gA==", "€")]
    [InlineData("gb18030", "ptmUOdoz", "︐💩")]
    [InlineData("euc-jp", "j7A=", null)]
    [InlineData("shift_jis", "h5CH", null)]
    [InlineData("shift_jis", "Qf8=", null)]
    [InlineData("shift_jis", "8EA=", "\ue000")]
    [InlineData("big5", "gUA=", null)]
    [InlineData("euc-kr", "yaE=", null)]
    [InlineData("euc-kr", "gUE=", "갂")]
    [InlineData("windows-874", "ocPR", "กรั")]
    [InlineData("dos-874", "ocPR", "กรั")]
    [InlineData("iso-8859-7", "oaL0qqSl", "‘’τͺ€₯")]
    [InlineData("hebrew", "r+A=", "¯א")]
    [InlineData("logical", "oQ==", null)]
    [InlineData("arabic", "oQ==", null)]
    [InlineData("iso-8859-3", "pQ==", null)]
    [InlineData("windows-1253", "qg==", null)]
    [InlineData("cp1257", "oQ==", null)]
    [InlineData("x-mac-ukrainian", "orb/", "Ґґ€")]
    [InlineData("macintosh", "vdvw", "Ω€\uf8ff")]
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

    [Theory]
    [InlineData("text/plain", "x<?xml version='1.0' encoding='windows-1251'?>", "quoted")]
    [InlineData("text/plain", "Write: <?xml version='1.0' encoding='windows-1251'?>", "quoted")]
    [InlineData("application/json", "{\"a\":\"<?xml version='1.0' encoding='windows-1251'?>\"}", "quoted")]
    [InlineData("text/html", "<!-- <meta charset=windows-1251> --><meta charset=utf-8>", "a comment")]
    [InlineData("text/html", "<?xml version='1.0' encoding='windows-1251'?><html><meta charset=utf-8>", "meta comes first")]
    [InlineData("text/css", "<meta charset=windows-1251>", "no page")]
    public void Decode_ADeclarationThatIsNotItsOwn_IsNotBelieved(string contentType, string start, string why)
    {
        var text = DocumentText.Decode(Encoding.UTF8.GetBytes(start + "ü"), contentType);

        Assert.True(text == start + "ü", why);
    }

    [Theory]
    [InlineData("text/html", "<meta name=x><meta content='text/html;charset=koi8-r' http-equiv=content-type>")]
    [InlineData("text/html", "<?xml version='1.0' encoding='koi8-r'?><html>")]
    [InlineData("text/html", "<?xml version='1.0' encoding='koi8-r'?><rss><description><meta charset=utf-8></description>")]
    [InlineData("application/rss+xml", "<br />\n<b>Warning</b>: x<br />\n<?xml version=\"1.0\" encoding=\"koi8-r\"?><rss>")]
    [InlineData("application/rss+xml", "\n Warning: x\n<?xml\nversion = '1.0'\tencoding = 'KOI8-R' ?><rss>")]
    [InlineData("application/rss+xml; charset=bogus", "<?xml version=1.0 encoding=koi8-r?><rss>")]
    [InlineData("text/plain", " <?xml version='1.0' encoding='koi8-r'?>")]
    [InlineData("text/plain; charset='koi8-r'", "")]
    [InlineData("text/plain; charset=\\\"koi8-r\\\"", "")]
    [InlineData("text/plain; charset = \"koi8-r \"", "")]
    [InlineData("text/plain;charset=koi8-r;charset=utf-8", "")]
    [InlineData("text/plain charset=koi8-r", "")]
    public void Decode_WhatADeclarationNames_IsBelieved(string contentType, string start)
    {
        var body = CodePagesEncodingProvider.Instance.GetEncoding("koi8-r")!.GetBytes(start + "Прилив");

        var text = DocumentText.Decode(body, contentType);

        Assert.Equal(start + "Прилив", text);
    }

    [Theory]
    [InlineData("utf-16", "text/plain; charset=utf-16", "潮汐")]
    [InlineData("utf-16", "text/plain; charset=utf-16le", "潮汐")]
    [InlineData("utf-16BE", "text/plain; charset=utf-16be", "潮汐")]
    [InlineData("utf-16", "text/plain; charset=unicode", "Прилив в 13:05")]
    [InlineData("utf-8", "text/plain; charset=utf-16", "high tide at 13:05")]
    [InlineData("utf-8", "text/plain; charset=utf-16", "Прилив")]
    [InlineData("utf-8", "application/json; charset=utf-16", "{\"tide\": 1}")]
    [InlineData("utf-16", "application/json", "{\"tide\": 1}")]
    [InlineData("utf-32", "application/xml", "<a>潮汐</a>")]
    [InlineData("utf-32BE", "application/xml; charset=utf-8", "<a>潮汐</a>")]
    public void Decode_WideCharactersWithoutMark_BelievesTheBytes(string written, string contentType, string expected)
    {
        var text = DocumentText.Decode(Encoding.GetEncoding(written).GetBytes(expected), contentType);

        Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("gb18030")]
    public void Decode_AMarkTwice_DropsBoth(string charset)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        var body = encoding.GetBytes("\ufeff\ufeffGrüße");

        Assert.Equal("Grüße", DocumentText.Decode(body, $"text/plain; charset={charset}"));
        Assert.Equal("Grüße", DocumentText.DecodeStrictly(body, $"text/plain; charset={charset}"));
    }
}
