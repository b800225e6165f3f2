using WebSub.Hub.Subscribing;
using Xunit;

namespace WebSub.Hub.Tests.Subscribing;

[Trait("Req", "H13")]
public sealed class UrlPatternTests
{
    [Theory]
    [InlineData("https://*.example/*", "https://a.b.example/feed?x=1", true)]
    [InlineData("https://*.example/*", "HTTPS://A.EXAMPLE/feed", true)]
    [InlineData("https://*.example/*", "https://evil.test/x.example/feed", false)]
    [InlineData("https://*.example/*", "https://evil.test?.example/feed", false)]
    [InlineData("https://*.example/*", "https://evil.test#.example/feed", false)]
    [InlineData("https://*.example/*", "https://user@a.example/feed", false)]
    [InlineData("https://*.example/*", "http://a.example/feed", false)]
    [InlineData("https://*.example/*", "https://a.example.evil.test/", false)]
    [InlineData("https://a.example", "https://a.example", true)]
    [InlineData("https://a.example", "https://a.example/any/path", true)]
    [InlineData("https://a.example", "https://a.example?q", true)]
    [InlineData("https://a.example", "https://a.example.evil.test/", false)]
    [InlineData("https://a.example:*", "https://a.example:8443/", true)]
    [InlineData("*://a.example/*", "https://a.example/", true)]
    [InlineData("*://a.example/*", "https://evil.test/://a.example/", false)]
    [InlineData("https://a.example/feeds/*.xml", "https://a.example/feeds/b/c.xml", true)]
    [InlineData("https://a.example/feeds/*.xml", "https://a.example/feeds/bxml", false)]
    [InlineData("https://a.example/?q=*", "https://a.example/?q=1", true)]
    [InlineData("https://a.example/?q=*", "https://a.example/xq=1", false)]
    [InlineData("orders/*", "orders/2026", true)]
    [InlineData("*", "anything\nat all", true)]
    public void Matches_AnyText_AsThePatternSays(string pattern, string text, bool expected) =>
        Assert.Equal(expected, new UrlPattern(pattern).Matches(text));
}
