using WebSub.Subscriber.Leases;
using Xunit;

namespace WebSub.Subscriber.Tests.Leases;

public sealed class HubOrderTests
{
    [Theory]
    [Trait("Req", "S28")]
    [InlineData("http://a/ http://b/ https://b/ https://c/", "http://a/ https://b/ http://b/ https://c/")]
    [InlineData("https://a/ http://a/", "https://a/ http://a/")]
    [InlineData("http://a/ https://a/x", "http://a/ https://a/x")]
    public void SecureFirst_OneHubWithBothSchemes_HttpsIsTriedBefore(string named, string expected)
    {
        var order = HubOrder.SecureFirst(named.Split(' '));

        Assert.Equal(expected.Split(' '), order);
    }

    [Theory]
    [InlineData("http://a/", "https://a/ http://a/")]
    [InlineData("HTTP://a:81/x", "https://a:81/x HTTP://a:81/x")]
    [InlineData("https://b/ http://b/", "https://b/ http://b/")]
    public void WithTwins_HubOfHttp_HttpsIsTriedBefore(string named, string expected)
    {
        var order = HubOrder.WithTwins(named.Split(' '));

        Assert.Equal(expected.Split(' '), order);
    }
}
