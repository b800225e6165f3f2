using System.Text;
using System.Xml;
using WebSub.Discovery;
using WebSub.Protocol;

namespace WebSub.Documents;

public sealed class DocumentXmlTests
{
    [Theory]
    [InlineData("<a>x\by</a>", "xy")]
    [InlineData("<a>x&#8;y&#xFFFE;</a>", "xy")]
    [InlineData("<a>x&nbsp;y &hellip; &AMP;</a>", "x\u00a0y … &")]
    [InlineData("<a>AT&T &unknown; &</a>", "AT&T &unknown; &")]
    [InlineData("<a>1 < 2 ]]></a>", "1 < 2 ]]>")]
    [InlineData("<a>&amp;amp; &#38;lt; &#x1F30A; 🌊</a>", "&amp; &lt; 🌊 🌊")]
    [InlineData("<a><![CDATA[<b>&nbsp;\0]]></a>", "<b>&nbsp;")]
    [InlineData("\ufeff\ufeff\n<?xml version=\"1.1\" encoding=\"utf-16\"?><a>x</a>\0\0", "x")]
    [InlineData("<!DOCTYPE a><a>x</a>\n0", "x")]
    [InlineData("<!DOCTYPE a SYSTEM \"]>[\"><a>x</a><!-- 0.1 s -->", "x")]
    [InlineData("<?xml version='1.2'?><a>x</a>", "x")]
    [InlineData("<a>x</a>\n<!-- 0.1 s", "x")]
    [InlineData("<a>x</a><![CDATA[", "x")]
    [InlineData("<a>&#55356;&#57098; &#xD83C;&#xdf0a; &#55356; &#57098;&#55356; &#55356;&#65;</a>", "🌊 🌊   A")]
    [InlineData("<a>x</a></b><?php", "x")]
    [InlineData("<?xml encoding='utf-8'?><a>x</a>", "x")]
    [InlineData("<?xml version=1.0 encoding=utf-8?><a>x</a>", "x")]
    [InlineData("<?xml version='1.0' encoding=''?><a>x</a>", "x")]
    [InlineData("<?XML version='1.0'?><a>x</a>", "x")]
    [InlineData("<?xml version='1.0'?>\n<?xml version='1.0'?><a>x</a>", "x")]
    [InlineData("<?xml\nversion='1.0'\n?><a>]]&gt; ]]&GT;</a>", "]]> ]]>")]
    public void Parse_WhatIsNearlyXml_IsRead(string text, string expected)
    {
        var document = DocumentXml.Parse(text);

        Assert.Equal("a", document.Root!.Name.LocalName);
        Assert.Equal(expected, document.Root.Value);
    }

    [Theory]
    [InlineData(
        "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n"
            + "<!-- a - b --><?x y?><a b=\"1 > 0\" c='\"'>t<b/><!-- < & --><![CDATA[ & < ]]></a>\n"
    )]
    [InlineData("<p:a xmlns:p=\"urn:x\" p:b=\"&amp;&#10;\"><p:c xml:lang=\"de\"/>&lt;é🌊</p:a>")]
    public void Mend_WhatIsWellFormed_PassesUnchanged(string text)
    {
        var mended = XmlMender.Mend(text, DocumentBudget.ForDiscovery(default), out var fault);

        Assert.Equal(text, mended);
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("b=\"&QUOT;&nbsp;&lt;&LT;&amp;&AMP;&apos;\"", "\"\u00a0<<&&'")]
    [InlineData("b='&QUOT;&apos;&#39;'", "\"''")]
    [InlineData("b='?a=1&b=2&copy=3&copy;'", "?a=1&b=2&copy=3©")]
    [InlineData("b='1 < 2 \b\0'", "1 < 2 ")]
    [InlineData("b='x&#10;y&#13;&#9;z'", "x\ny\r\tz")]
    public void Parse_AnAttributeThatIsNearlyXml_IsRead(string attribute, string expected)
    {
        var root = DocumentXml.Parse($"<a {attribute}/>").Root!;

        Assert.Equal(expected, root.Attribute("b")!.Value);
    }

    [Theory]
    [InlineData("Warning: x() failed in y.php on line 3\n<?xml version='1.0'?>")]
    [InlineData("Notice: 1 < 2\n")]
    [InlineData("<b>Warning</b>: x<br />\n<b>Notice</b>: y<br />\n<?xml version='1.0'?>")]
    [InlineData("<br />\n<b>Warning</b>: x in <b>y.php</b> on line <b>3</b><br />\n")]
    [InlineData("<br>\n<b>Warning</b>: x<br>\n<?xml version='1.0'?>")]
    [InlineData("<br>\n<b>Warning</b>: x<br>\n")]
    [InlineData("<font size=1><table class='xdebug-error' border=1><tr><th>( ! )</font>\n<?xml\tversion='1.0'?>")]
    [InlineData("<script>if (a<b && c) x('<rss>')</script><?xml version='1.0'?>")]
    [InlineData("<?php echo 1 ?><!-- <rss> --><?xml version='1.0'?>")]
    [InlineData("<!-- cached --><!-- again -->")]
    [InlineData("1f3\r\n\ufeff\ufeff\0<?xml version='1.0'?>")]
    public void Parse_AFeedBelowJunk_IsTheFeed(string junk)
    {
        var text = junk + "<rss version='2.0'><channel><title>x</title></channel></rss>\n<br /><b>Warning</b>";

        var root = DocumentXml.Parse(text).Root!;

        Assert.Equal("rss", root.Name.LocalName);
        Assert.True(DocumentXml.StartsAsFeed(Encoding.UTF8.GetBytes(text), "text/html"));
    }

    [Theory]
    [InlineData("<x><rss/></x>")]
    [InlineData("<x><![CDATA[<?xml version='1.0'?><rss/>]]></x>")]
    [InlineData("<x><!-- <?xml version='1.0'?><rss/> --></x>")]
    public void Parse_AFeedInsideOfADocument_IsNotTheDocument(string text)
    {
        var root = DocumentXml.Parse(text).Root!;

        Assert.Equal("x", root.Name.LocalName);
        Assert.False(DocumentXml.StartsAsFeed(Encoding.UTF8.GetBytes(text), "text/xml"));
    }

    [Fact]
    public void Parse_APrefixDeclaredAsNothing_IsNotDeclared()
    {
        var root = DocumentXml.Parse("<rss xmlns:media='' xmlns=''><media:a/></rss>").Root!;

        Assert.Equal("{http://search.yahoo.com/mrss/}a", root.Elements().Single().Name.ToString());
    }

    [Fact]
    public void Parse_PrefixesThatNothingDeclares_AreTakenForWhatTheyMean()
    {
        var root = DocumentXml.Parse("<rss><atom:link x:y='1'/><media:a><media:b/></media:a></rss>").Root!;

        Assert.NotNull(root.Element("{http://www.w3.org/2005/Atom}link"));
        Assert.NotNull(root.Element("{http://search.yahoo.com/mrss/}a")!.Element("{http://search.yahoo.com/mrss/}b"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no XML")]
    [InlineData("<a>")]
    [InlineData("<a></b>")]
    [InlineData("<a b></a>")]
    [InlineData("<a><!-- </a>")]
    [InlineData("<a><![CDATA[ </a>")]
    [InlineData("<a><!ENTITY x 'y'></a>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    [InlineData("<!DOCTYPE a SYSTEM 'x' []><a/>")]
    public void Parse_WhatIsNoXml_IsRefused(string text) => Assert.Throws<XmlException>(() => DocumentXml.Parse(text));

    [Theory]
    [InlineData("depth", "more than 100 deep")]
    [InlineData("attributes", "more than 256 attributes")]
    [InlineData("attribute", "more than 262144 characters")]
    [InlineData("namespaces", "more than 100 namespaces")]
    [InlineData("nodes", "more than 2000 elements and attributes")]
    public void Parse_WhatIsOverALimit_IsRefusedByName_BeforeMuchIsDone(string what, string expected)
    {
        var text = what switch
        {
            "depth" => Repeat("<a>", 50_000),
            "attributes" => $"<a {Repeat("b{0}='' ", 50_000)}/>",
            "attribute" => $"<a b='{new string('x', 300_000)}'/>",
            "namespaces" => $"<a>{Repeat("<a xmlns:n{0}='urn:{0}'>", 90)}<a {Repeat("xmlns:m{0}='urn:{0}' ", 90)}/>",
            _ => $"<a>{Repeat("<b/>", 50_000)}</a>",
        };
        var budget = new DocumentBudget(2000, default);

        var error = Assert.Throws<XmlException>(() => DocumentXml.Parse(text, new DocumentBudget(2000, default)));
        _ = XmlMender.Mend(text, budget, out _);

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.InRange(budget.Spent, 0, 2001);
    }

    [Fact]
    public void Parse_WhenCancelled_EndsInside()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => DocumentXml.Parse("<a/>", new DocumentBudget(10, source.Token)));
    }

    [Theory]
    [InlineData("text/html", "<html><head><title>x</title>")]
    [InlineData("application/atom+xml", "<feed xmlns='http://www.w3.org/2005/Atom'/>")]
    public void Links_WhenCancelled_EndInside(string contentType, string text)
    {
        using var response = new HttpResponseMessage { Content = new StringContent("", Encoding.UTF8, contentType) };
        using var source = new CancellationTokenSource();
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            ResourceLinks.Read(response, "https://e.example/", Encoding.UTF8.GetBytes(text), new DocumentBudget(10, source.Token))
        );
    }

    [Theory]
    [InlineData("<html><head><link rel='{0}' href='/././'>")]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'><link rel='{0}' href='/././'/>")]
    public void Links_ThatNameAHubAThousandTimes_AreRefused(string start)
    {
        var text = string.Format(null, start, Repeat("hub ", 1000));
        var budget = DocumentBudget.ForDiscovery(default);

        var reading = start.StartsWith("<html", StringComparison.Ordinal)
            ? HtmlLinks.Read(text, "https://e.example/", budget)
            : FeedLinks.Read(text, "https://e.example/", budget);

        Assert.Equal("has a link with more than 64 relations", reading.Fault);
        Assert.Empty(reading.Links.Hubs);
    }

    [Fact]
    public void Links_OfALongReference_AreNotResolved()
    {
        var findings = new LinkFindings();

        findings.Add([LinkRelations.Hub], Repeat("/.", 5000), "https://e.example/", Discovery.LinkSource.Html);

        Assert.Empty(findings.Hubs);
        Assert.Contains("longer than", findings.Unusable, StringComparison.Ordinal);
    }

    private static string Repeat(string piece, int count)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
            text.Append(piece.Replace("{0}", i.ToString(), StringComparison.Ordinal));
        return text.ToString();
    }
}
