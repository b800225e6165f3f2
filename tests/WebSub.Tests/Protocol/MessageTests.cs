namespace WebSub.Protocol;

public sealed class MessageTests
{
    private static readonly SubscriptionRequest Request = new()
    {
        Mode = "subscribe",
        Topic = "https://blog.example/feed",
        Callback = "https://app.example/cb?x=1",
        LeaseSeconds = 3600,
        Secret = "geheim",
    };

    [Fact]
    [Trait("Req", "S4")]
    public void ToFields_Subscribe_HasAllInOrder() =>
        Assert.Equal(
            "hub.mode=subscribe&hub.topic=https%3A%2F%2Fblog.example%2Ffeed&hub.callback=https%3A%2F%2Fapp.example%2Fcb%3Fx%3D1"
                + "&hub.lease_seconds=3600&hub.secret=geheim",
            Request.ToFields().ToString()
        );

    [Fact]
    public void ToFields_Unsubscribe_HasNoLeaseAndNoSecret() =>
        Assert.Equal(
            "hub.mode=unsubscribe&hub.topic=https%3A%2F%2Fblog.example%2Ffeed&hub.callback=https%3A%2F%2Fapp.example%2Fcb%3Fx%3D1",
            (Request with { Mode = "unsubscribe" }).ToFields().ToString()
        );

    [Fact]
    [Trait("Req", "S12")]
    public void ToFields_Extra_FollowsAndNeverReplaces()
    {
        var request = Request with
        {
            LeaseSeconds = null,
            Extra = [new("x", "1"), new("hub.topic", "evil"), new("x", "2"), new("hub.verify", "async")],
        };

        var fields = request.ToFields();

        Assert.Equal(["hub.mode", "hub.topic", "hub.callback", "hub.secret", "x", "x", "hub.verify"], fields.Items.Select(i => i.Key));
        Assert.Equal("https://blog.example/feed", fields["hub.topic"]);
        Assert.Equal(["1", "2"], fields.All("x"));
    }

    [Fact]
    public void ToString_Request_KeepsTheSecret() =>
        Assert.Equal("subscribe https://blog.example/feed for https://app.example/cb?x=1", Request.ToString());

    [Fact]
    [Trait("Req", "S21")]
    public void ToFields_Denial_HasReasonAndNoChallenge() =>
        Assert.Equal(
            "hub.mode=denied&hub.topic=t&hub.reason=not%20yours",
            new CallbackQuery
            {
                Mode = "denied",
                Topic = "t",
                Reason = "not yours",
            }
                .ToFields()
                .ToString()
        );

    [Fact]
    [Trait("Req", "X3")]
    public void ToFields_VerifyToken_IsEchoed() =>
        Assert.Equal(
            "hub.mode=subscribe&hub.topic=t&hub.challenge=c&hub.lease_seconds=60&hub.verify_token=v",
            new CallbackQuery
            {
                Mode = "subscribe",
                Topic = "t",
                Challenge = "c",
                LeaseSeconds = 60,
                VerifyToken = "v",
            }
                .ToFields()
                .ToString()
        );

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("864000", 864000L)]
    [InlineData("007", 7L)]
    [InlineData("-5", -5L)]
    [InlineData("9223372036854775808", long.MaxValue)]
    [InlineData("99999999999999999999999999", long.MaxValue)]
    [InlineData("-99999999999999999999999999", long.MinValue)]
    public void LeaseSeconds_Integer_IsRead(string text, long expected)
    {
        Assert.True(LeaseSeconds.TryParse(text, out var seconds));
        Assert.Equal(expected, seconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("+1")]
    [InlineData("--1")]
    [InlineData("0x10")]
    [InlineData("٣")]
    public void LeaseSeconds_AnythingElse_IsRefused(string? text)
    {
        Assert.False(LeaseSeconds.TryParse(text, out var seconds));
        Assert.Equal(0, seconds);
    }
}
