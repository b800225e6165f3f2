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
    [InlineData("http://a/", null, false, "https://a/ http://a/")]
    [InlineData("HTTP://a:81/x", null, false, "https://a:81/x HTTP://a:81/x")]
    [InlineData("https://b/ http://b/", null, false, "https://b/ http://b/")]
    [InlineData("http://a/", null, true, "http://a/")]
    [InlineData("http://a/", "http://a/", false, "http://a/")]
    [InlineData("http://a/", "https://a/", false, "https://a/")]
    [InlineData("http://a/", "https://a/", true, "https://a/")]
    [InlineData("http://a/ http://b/", "http://b/", false, "https://a/ http://a/ http://b/")]
    public void WithTwins_HubOfHttp_HttpsIsTriedBeforeUntilOneHasAnswered(
        string named,
        string? confirmed,
        bool wasNotVerified,
        string expected
    )
    {
        var order = HubOrder.WithTwins(named.Split(' '), confirmed, wasNotVerified);

        Assert.Equal(expected.Split(' '), order);
    }
}
