using WebSub.Protocol;

namespace WebSub.Values;

[Trait("Req", "H24")]
public sealed class CallbackTests
{
    [Fact]
    public void TryParse_Callback_KeepsItsText()
    {
        var parsed = Callback.TryParse("HTTPS://App.Example:443/%7Ecb?x=%41", out var callback, out _);

        Assert.True(parsed);
        Assert.Equal("HTTPS://App.Example:443/%7Ecb?x=%41", callback!.Value);
        Assert.Equal(callback.Value, callback.ToString());
        Assert.Equal("/%7Ecb?x=%41", callback.Uri.PathAndQuery);
    }

    [Theory]
    [InlineData("http://a/#", "must not have a fragment (#…): fragments never reach a server")]
    [InlineData("http://a/b?c#d", "must not have a fragment (#…): fragments never reach a server")]
    [InlineData("mailto:a@b", "must be an absolute http or https URL")]
    [InlineData(null, "is missing")]
    public void TryParse_NoCallback_SaysWhy(string? text, string expected)
    {
        Assert.False(Callback.TryParse(text, out var callback, out var error));
        Assert.Null(callback);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Equals_OneByteApart_IsAnother()
    {
        var one = Parse("http://a/%7e");
        var same = Parse("http://a/%7e");
        var other = Parse("http://a/%7E");

        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
    }

    [Fact]
    [Trait("Req", "H19")]
    public async Task With_Verification_ReachesTheCallbackExactly()
    {
        await using var peer = await HttpPeer.StartAsync(Answers.Status(200));
        var callback = Parse(peer.Url + "/%7Ecb?hub.mode=own&x=%41");
        var query = new CallbackQuery
        {
            Mode = "subscribe",
            Topic = "https://blog.example/é?a=%7E&b",
            Challenge = "c+/=",
            LeaseSeconds = 60,
        };

        await HttpPeer.Client.GetAsync(query.AppendTo(callback));

        Assert.Equal(
            "/%7Ecb?hub.mode=own&x=%41&hub.mode=subscribe&hub.topic=https%3A%2F%2Fblog.example%2F%C3%A9%3Fa%3D%257E%26b"
                + "&hub.challenge=c%2B%2F%3D&hub.lease_seconds=60",
            peer.Requests.Single().Target
        );
    }

    [Fact]
    public void With_LongestCallbackAndTopic_StillFits()
    {
        var callback = Parse("http://a/" + new string('x', 2039));

        var url = new CallbackQuery
        {
            Mode = "denied",
            Topic = "https://a/" + new string('é', 1000),
            Reason = new string('r', 10_000),
        }.AppendTo(callback);

        Assert.Contains("hub.reason=rrr", url.PathAndQuery, StringComparison.Ordinal);
    }

    private static Callback Parse(string text) =>
        Callback.TryParse(text, out var callback, out var error) ? callback : throw new ArgumentException(error, nameof(text));
}
