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
}
