using System.Xml.Linq;
using WebSub.Subscriber.Feeds;
using Xunit;

namespace WebSub.Subscriber.Tests.Feeds;

public sealed class TextConstructTests
{
    private const string X = "xmlns='http://www.w3.org/1999/xhtml'";

    [Theory]
    [InlineData("<content> a &lt;b&gt; </content>", "a <b>")]
    [InlineData("<content type='text'>a &amp;amp; b</content>", "a &amp; b")]
    [InlineData("<content type='html'>&lt;p&gt;x &amp;amp; y&lt;/p&gt;</content>", "<p>x &amp; y</p>")]
    [InlineData("<content type='HTML'><![CDATA[<p>x</p>]]></content>", "<p>x</p>")]
    [InlineData("<content type='html'><p>not <b>escaped</b></p></content>", "<p>not <b>escaped</b></p>")]
    [InlineData($"<content type='xhtml'><div {X}><p>High <b>tide</b> &amp; &lt;wind&gt;</p></div></content>", Tide)]
    [InlineData($"<content type=' XHTML '>\n <!-- x -->\n <div {X}>\n<p>High <b>tide</b> &amp; &lt;wind&gt;</p>\n</div>\n</content>", Tide)]
    [InlineData(
        "<content type='xhtml' xmlns:h='http://www.w3.org/1999/xhtml'><h:div><h:p>High <h:b>tide</h:b> &amp; &lt;wind&gt;</h:p></h:div>"
            + "</content>",
        Tide
    )]
    [InlineData("<content type='xhtml'><div><p>High <b>tide</b> &amp; &lt;wind&gt;</p></div></content>", Tide)]
    [InlineData($"<content type='xhtml'><p {X}>High <b>tide</b> &amp; &lt;wind&gt;</p></content>", Tide)]
    [InlineData($"<content type='xhtml'><div {X}>a</div><div {X}>b</div></content>", "<div>a</div><div>b</div>")]
    [InlineData($"<content type='xhtml'>a <div {X}>b</div></content>", "a <div>b</div>")]
    [InlineData($"<content type='xhtml'><div {X}><div>a</div></div></content>", "<div>a</div>")]
    [InlineData($"<content type='xhtml'><div {X}/></content>", "")]
    [InlineData("<content type='xhtml'>no markup</content>", "no markup")]
    [InlineData(
        $"<content type='xhtml'><div {X}><i class='x'/><br/><a id='b'></a></div></content>",
        "<i class=\"x\"></i><br /><a id=\"b\"></a>"
    )]
    [InlineData($"<content type='xhtml'><div {X}><![CDATA[1 < 2]]></div></content>", "1 &lt; 2")]
    [InlineData(
        $"<content type='xhtml'><div {X} xmlns:s='http://www.w3.org/2000/svg'><p><s:svg><s:path d='M0'/></s:svg></p></div></content>",
        "<p><svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0\" /></svg></p>"
    )]
    [InlineData(
        "<content type='image/svg+xml'><svg xmlns='http://www.w3.org/2000/svg'><path d='M0'/></svg></content>",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0\" /></svg>"
    )]
    [InlineData("<content type='application/xml'><a xmlns='urn:a'><b/></a></content>", "<a xmlns=\"urn:a\"><b /></a>")]
    [InlineData("<content type='text/plain; charset=utf-8'>a &lt; b</content>", "a < b")]
    [InlineData("<content src='https://e.example/'/>", "")]
    public void Read_AnyType_GivesWhatIsMeant(string content, string expected)
    {
        var element = XDocument.Parse($"<entry xmlns='http://www.w3.org/2005/Atom'>{content}</entry>", LoadOptions.PreserveWhitespace);

        var text = TextConstruct.Read(element.Root!.Elements().Single());

        Assert.Equal(expected, text);
    }

    private const string Tide = "<p>High <b>tide</b> &amp; &lt;wind&gt;</p>";
}
