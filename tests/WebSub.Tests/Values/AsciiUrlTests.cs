using System.Text;

namespace WebSub.Values;

public sealed class AsciiUrlTests
{
    [Theory]
    [InlineData("https://a/feed?tag=日本&x=%7Ea", "https://a/feed?tag=%E6%97%A5%E6%9C%AC&x=%7Ea")]
    [InlineData("https://a/q?name=\"x\"&n=1", "https://a/q?name=%22x%22&n=1")]
    [InlineData("https://a/<b>/c d", "https://a/%3Cb%3E/c%20d")]
    [InlineData("https://a/?b?c#d%zz", "https://a/?b?c#d%zz")]
    [InlineData("https://über.example:8080/ü", "https://xn--ber-goa.example:8080/%C3%BC")]
    [InlineData("tides, north \"1\"", "tides,%20north%20%221%22")]
    [InlineData("größe", "gr%C3%B6%C3%9Fe")]
    [InlineData("https://a/🌊", "https://a/%F0%9F%8C%8A")]
    public void Of_AnyTopic_EncodesOnlyWhatNoUrlMayHold(string topic, string expected)
    {
        var once = AsciiUrl.Of(topic);
        var twice = AsciiUrl.Of(once);

        Assert.Equal(expected, once);
        Assert.Equal(once, twice);
    }

    [Theory]
    [Trait("Req", "D14")]
    [InlineData("/潮汐", "/%E6%BD%AE%E6%B1%90")]
    [InlineData("https://über.example/潮汐?q=é", "https://xn--ber-goa.example/%E6%BD%AE%E6%B1%90?q=%C3%A9")]
    [InlineData(" /a b ", "/a%20b")]
    [InlineData("/déjà", "/d%C3%A9j%C3%A0")]
    [InlineData("/Å", "/%C3%85")]
    [InlineData("/a\\b c?d", "/a/b%20c?d")]
    [InlineData("/%E6?x=%7e", "/%E6?x=%7e")]
    public void OfHeader_BytesOfUtf8_StayThoseBytes(string location, string expected) =>
        Assert.Equal(expected, AsciiUrl.OfHeader(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(location))));

    [Fact]
    public void OfHeader_BytesOfLatin1_StayThoseBytes() => Assert.Equal("/caf%E9", AsciiUrl.OfHeader("/café"));
}
