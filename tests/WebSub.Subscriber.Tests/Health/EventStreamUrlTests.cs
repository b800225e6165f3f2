using WebSub.Subscriber.Health;
using Xunit;

namespace WebSub.Subscriber.Tests.Health;

public sealed class EventStreamUrlTests
{
    [Theory]
    [InlineData("https://hub.example/hub", null, "https://hub.example/hub/events?topic=https%3A%2F%2Fa.example%2F%3Fb")]
    [InlineData("https://hub.example/", 7L, "https://hub.example/events?topic=https%3A%2F%2Fa.example%2F%3Fb&after=7")]
    [InlineData("https://hub.example/hub?x=1", 7L, "https://hub.example/hub/events?x=1&topic=https%3A%2F%2Fa.example%2F%3Fb&after=7")]
    public void Url_OfAHub_KeepsItsQuery(string hub, long? after, string url)
    {
        Assert.Equal(url, EventStreamUrl.Of(hub, "https://a.example/?b", after));
    }
}
