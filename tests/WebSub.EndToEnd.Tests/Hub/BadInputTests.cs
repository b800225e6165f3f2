using System.Text;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Protocol;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>What strangers send to a hub: each refusal is a 4xx and one sentence of plain text (H10), and the hub keeps working.</summary>
public abstract class BadInputTests(SharedHub shared) : HubTests(shared)
{
    private const string Subscribe = "hub.mode=subscribe&hub.topic=http://t.example/&hub.callback=http://c.example/";
    private const string ToTopic = "hub.mode=subscribe&hub.topic=http://t.example/&hub.callback=";
    private const string OfCallback = "hub.mode=subscribe&hub.callback=http://c.example/&hub.topic=";

    [Theory]
    [InlineData("", "hub.mode is missing")]
    [InlineData("hub.mode=", "hub.mode is missing")]
    [InlineData("&&&=&==&%%%", "hub.mode is missing")]
    [InlineData("mode=subscribe", "hub.mode is missing")]
    [InlineData("hub.mode=Subscribe", "hub.mode is \"Subscribe\"")]
    [InlineData("hub.mode=denied", "hub.mode is \"denied\"")]
    [InlineData("hub.mode=subscribe%0A%1B[31m", "hub.mode is \"")]
    [InlineData("hub.mode=subscribe", "hub.topic is missing")]
    [InlineData("hub.mode=unsubscribe&hub.topic=http://t.example/", "hub.callback is missing")]
    [InlineData(ToTopic, "hub.callback is missing")]
    [InlineData(OfCallback, "hub.topic is missing")]
    [InlineData("hub.mode=publish", "hub.topic is missing")]
    [InlineData("hub.mode=publish&hub.url=&hub.topic=", "hub.topic is missing")]
    [InlineData(Subscribe + "&hub.mode=unsubscribe", "hub.mode is given more than once")]
    [InlineData(Subscribe + "&hub.topic=http://t.example/", "hub.topic is given more than once")]
    [InlineData(Subscribe + "&hub.callback=http://other.example/", "hub.callback is given more than once")]
    [InlineData(Subscribe + "&hub.secret=a&hub.secret=b", "hub.secret is given more than once")]
    [InlineData(Subscribe + "&hub.lease_seconds=1&hub.lease_seconds=2", "hub.lease_seconds is given more than once")]
    [InlineData(ToTopic + "ftp://c.example/", "hub.callback must be an absolute http or https URL")]
    [InlineData(ToTopic + "javascript:alert(1)", "hub.callback must be an absolute http or https URL")]
    [InlineData(ToTopic + "/callback", "hub.callback must be an absolute http or https URL")]
    [InlineData(ToTopic + "c.example/callback", "hub.callback must be an absolute http or https URL")]
    [InlineData(ToTopic + "http:///callback", "hub.callback must be an absolute http or https URL")]
    [InlineData(ToTopic + "http://c.example:99999/", "hub.callback must be an absolute http or https URL")]
    [InlineData(ToTopic + "http://c.example/%23part", "hub.callback must not have a fragment")]
    [InlineData(ToTopic + "http://c.example/a+b", "hub.callback contains a space")]
    [InlineData(ToTopic + "http://c.example/a%20b", "hub.callback contains a space")]
    [InlineData(ToTopic + "http://c.example/%0D%0AHost:+evil.example", "hub.callback contains a space or a control character")]
    [InlineData(ToTopic + "http://c.example/%00", "hub.callback contains a space or a control character")]
    [InlineData(ToTopic + "http://c.example%5C@evil.example/", "hub.callback contains a backslash")]
    [InlineData(OfCallback + "a%00b", "hub.topic contains a control character")]
    [InlineData(OfCallback + "http://t.example/%00", "hub.topic contains a control character")]
    [InlineData(Subscribe + "&hub.lease_seconds=abc", "hub.lease_seconds is \"abc\"")]
    [InlineData(Subscribe + "&hub.lease_seconds=1e3", "hub.lease_seconds is \"1e3\"")]
    [InlineData(Subscribe + "&hub.lease_seconds=1.5", "hub.lease_seconds is \"1.5\"")]
    [InlineData(Subscribe + "&hub.lease_seconds=%201", "hub.lease_seconds is \" 1\"")]
    [InlineData(Subscribe + "&hub.lease_seconds=%2B1", "hub.lease_seconds is \"+1\"")]
    [InlineData(Subscribe + "&hub.lease_seconds=%D9%A1", "hub.lease_seconds is \"")]
    [InlineData(Subscribe + "&hub.signature_method=md5", "hub.signature_method is \"md5\"")]
    [InlineData(Subscribe + "&hub.extra=%FF", "not valid UTF-8")]
    [InlineData("hub.mode=publish&hub.url=%C3%28", "not valid UTF-8")]
    [Trait("Ref", "BH-2")]
    public async Task Form_Wrong_IsRefusedWithASentence(string form, string sentence)
    {
        var response = await RawHttp.PostFormAsync(Hub.Url, form);

        response.AssertRefused(400, sentence);
    }

    [Theory]
    [InlineData("mytopic")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://t.example/a+b")]
    [InlineData("http://t.example:99999/")]
    public async Task Subscribe_TopicThatIsNoUrlAndNotRegistered_IsRefused(string topic)
    {
        var response = await RawHttp.PostFormAsync(Hub.Url, OfCallback + topic);

        response.AssertRefused(400, "topic", "regist");
    }

    [Theory]
    [InlineData("hub.secret", 200, "hub.secret has 200 bytes; it must have fewer than 200")]
    [InlineData("hub.secret", 10_240, "hub.secret has 10240 bytes; it must have fewer than 200")]
    [InlineData("hub.verify_token", 2049, "hub.verify_token is longer than")]
    [InlineData("hub.lease_seconds", 5000, "hub.lease_seconds is \"")]
    [InlineData("hub.signature_method", 5000, "hub.signature_method is \"")]
    public async Task Form_FieldTooLong_IsRefusedWithoutRepeatingIt(string field, int length, string sentence)
    {
        var response = await RawHttp.PostFormAsync(Hub.Url, $"{Subscribe}&{field}={new string('x', length)}");

        response.AssertRefused(400, sentence);
        Assert.True(response.Body.Length < 300);
    }

    [Theory]
    [InlineData(ToTopic + "http://c.example/", "hub.callback is longer than 2048 bytes")]
    [InlineData(OfCallback + "http://t.example/", "hub.topic is longer than 2048 bytes")]
    [InlineData("hub.mode=publish&hub.url=http://t.example/", "is longer than 2048 bytes")]
    [InlineData("hub.mode=publish&hub.url=http://t.example/,http://t.example/", "is longer than 2048 bytes")]
    [InlineData("hub.mode=", "hub.mode is \"xxx")]
    public async Task Form_UrlTooLong_IsRefusedWithoutRepeatingIt(string start, string sentence)
    {
        var response = await RawHttp.PostFormAsync(Hub.Url, start + new string('x', 2048));

        response.AssertRefused(400, sentence);
        Assert.True(response.Body.Length < 300);
    }

    [Fact]
    public async Task Form_SecretOf199Bytes_IsTaken()
    {
        // 199 bytes in 100 characters: what counts is bytes.
        var secret = new string('ä', 99) + "x";
        var callback = Sink.Expect(NewTopic(), secret);

        await Hub.SubscribeAsync(Sink, callback);
        var longer = await RawHttp.PostFormAsync(Hub.Url, $"{Subscribe}&hub.secret={secret}x");

        longer.AssertRefused(400, "hub.secret has 200 bytes");
    }

    [Fact]
    public async Task Form_TooManyFields_IsRefused()
    {
        var response = await RawHttp.PostFormAsync(Hub.Url, Subscribe + string.Concat(Enumerable.Repeat("&a=b", 1100)));

        response.AssertRefused(400, "more than 1024 fields");
    }

    [Fact]
    public async Task Form_RawBytesThatAreNotUtf8_IsRefused()
    {
        var response = await RawHttp.PostFormAsync(Hub.Url, [.. "hub.mode=subscribe&hub.topic="u8, 0xff, 0xfe, 0x00, 0xc3, 0x28]);

        response.AssertRefused(400, "not valid UTF-8");
    }

    [Fact]
    public async Task Form_OfOneMegabyte_IsRefused()
    {
        var response = await RawHttp.PostFormAsync(Hub.Url, Subscribe + "&hub.extra=" + new string('x', 1 << 20));

        response.AssertRefused(413, "more than 65536 bytes");
    }

    [Fact]
    public async Task Form_ChunkedWithoutEnd_IsRefusedAtTheLimit()
    {
        var chunk = $"10000\r\n{new string('x', 0x10000)}\r\n";
        var response = await RawHttp.SendAsync(
            Hub.Url,
            "POST /hub HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\nTransfer-Encoding: chunked",
            Encoding.ASCII.GetBytes(chunk + chunk + "0\r\n\r\n")
        );

        response.AssertRefused(413, "more than 65536 bytes");
    }

    [Theory]
    [InlineData("Content-Type: application/json")]
    [InlineData("Content-Type: multipart/form-data; boundary=x")]
    [InlineData("Content-Type: application/x-www-form-urlencoded-not")]
    [InlineData("Content-Type: ")]
    [InlineData("X-No-Type: 1")]
    [Trait("Ref", "BH-2")]
    public async Task Post_NotAForm_IsRefused(string header)
    {
        var response = await RawHttp.SendAsync(Hub.Url, $"POST /hub HTTP/1.1\n{header}", Encoding.ASCII.GetBytes(Subscribe));

        response.AssertRefused(415, "The body must be application/x-www-form-urlencoded");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("BREW")]
    public async Task Method_OtherThanPost_IsRefused(string method)
    {
        var response = await RawHttp.SendAsync(Hub.Url, $"{method} /hub?hub.mode=subscribe HTTP/1.1", method == "GET" ? null : []);

        response.AssertRefused(405, "POST");
        Assert.Equal("POST", response.Headers["Allow"]);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8")]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED ;charset=\"UTF-8\"")]
    public async Task Form_ContentTypeSpelledOtherwise_IsTaken(string contentType)
    {
        var callback = Sink.Expect(NewTopic());
        var form = $"hub.mode=subscribe&hub.topic={Uri.EscapeDataString(callback.Topic)}&hub.callback={Uri.EscapeDataString(callback.Url)}";

        var response = await RawHttp.SendAsync(Hub.Url, $"POST /hub HTTP/1.1\nContent-Type: {contentType}", Encoding.ASCII.GetBytes(form));
        await Hub.VerifiedAsync(callback);

        Assert.Equal(202, response.Status);
    }

    [Theory]
    [InlineData("-1", 1)]
    [InlineData("0", 1)]
    [InlineData("99999999999999999999", 2_592_000)]
    [InlineData("-99999999999999999999", 1)]
    [InlineData("", 864_000)]
    [Trait("Req", "H3 H21")]
    public async Task Lease_OutOfBounds_IsClamped(string asked, long granted)
    {
        var callback = Sink.Expect(NewTopic());

        var response = await RawHttp.PostFormAsync(Hub.Url, SubscribeForm(callback).Add(HubParameters.LeaseSeconds, asked).ToString());
        var verification = (await callback.WaitForVerificationsAsync(1))[0];

        Assert.Equal(202, response.Status);
        Assert.Equal($"{granted}", verification[HubParameters.LeaseSeconds]);
    }

    [Fact]
    [Trait("Req", "H4 H5")]
    public async Task Unsubscribe_StrangeFields_AreIgnored()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());

        var form = new HubFields()
            .Add(HubParameters.Mode, HubModes.Unsubscribe)
            .Add(HubParameters.Topic, callback.Topic)
            .Add(HubParameters.Callback, callback.Url)
            .Add(HubParameters.LeaseSeconds, "as long as you like")
            .Add(HubParameters.Verify, "sync")
            .Add(HubParameters.Verify, "async")
            .Add("hub.unheard", "of\0 \r\n");
        var response = await RawHttp.PostFormAsync(Hub.Url, form.ToString());
        await Hub.VerifiedAsync(callback, HubModes.Unsubscribe);

        Assert.Equal(202, response.Status);
    }

    [Fact]
    public async Task VerifyToken_WithANulCharacter_IsRefused()
    {
        var callback = Sink.Expect(NewTopic(), "a secret with \0 inside");

        var response = await RawHttp.PostFormAsync(
            Hub.Url,
            SubscribeForm(callback).Add(HubParameters.Secret, callback.Secret!.Value).Add(HubParameters.VerifyToken, "a\0b").ToString()
        );

        response.AssertRefused(400, "hub.verify_token");
    }

    [Theory]
    [InlineData("hub.mode=publish&hub.url=a%00b")]
    [InlineData("hub.mode=publish&hub.topic=%00")]
    [InlineData("hub.mode=publish&hub.topic=http://t.example/%00,http://t.example/")]
    [InlineData("hub.mode=publish&hub.url[]=http://t.example/%0D%0AX:+1")]
    public async Task Ping_ControlCharacters_IsRefused(string form)
    {
        var response = await RawHttp.PostFormAsync(Hub.Url, form);

        response.AssertRefused(400, "hub.topic contains a control character");
    }

    [Fact]
    [Trait("Req", "H33")]
    public async Task Push_NotLocal_NeedsAKey()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());
        var target = $"POST /hub?hub.mode=publish&hub.topic={Uri.EscapeDataString(callback.Topic)} HTTP/1.1\nContent-Type: text/plain\n";
        string[] strangers =
        [
            "X-Forwarded-For: 203.0.113.7",
            "X-Forwarded-Host: hub.example",
            "Forwarded: for=203.0.113.7",
            "Via: 1.1 proxy.example",
            "Host: hub.example",
            "Host: localhost.evil.example",
            "Authorization: Bearer another key",
            "Authorization: Basic cm9iaW46",
            "Authorization: Bearer ",
        ];

        foreach (var stranger in strangers)
        {
            var refused = await RawHttp.SendAsync(Hub.Url, target + stranger, "refused"u8.ToArray());
            refused.AssertRefused(401, "key");
            Assert.Equal("Bearer", refused.Headers["WWW-Authenticate"]);
        }

        var accepted = await RawHttp.SendAsync(
            Hub.Url,
            target + "X-Forwarded-For: 203.0.113.7\nAuthorization: Bearer a key of eight words is long enough, surely",
            "accepted"u8.ToArray()
        );
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(202, accepted.Status);
        Assert.Equal("accepted", Encoding.UTF8.GetString(Assert.Single(deliveries).Body));
    }

    [Theory]
    [InlineData("?hub.mode=publish", "hub.topic is missing")]
    [InlineData("?hub.mode=publish&hub.topic=", "hub.topic is missing")]
    [InlineData("?hub.mode=publish&hub.topic=mytopic", "hub.topic must be an absolute http or https URL")]
    [InlineData("?hub.mode=publish&hub.topic=http://t.example/%00", "hub.topic contains a control character")]
    [InlineData("?hub.mode=publish&hub.topic=http://a.example/&hub.topic=http://b.example/", "hub.topic is given more than once")]
    [InlineData("?hub.mode=publish&hub.topic=http://a.example/%FF", "not valid UTF-8")]
    public async Task Push_WrongTopic_IsRefused(string query, string sentence)
    {
        var response = await RawHttp.SendAsync(Hub.Url, $"POST /hub{query} HTTP/1.1\nContent-Type: text/plain", "content"u8.ToArray());

        response.AssertRefused(400, sentence);
    }

    [Fact]
    public async Task Push_TooLarge_IsRefused()
    {
        var response = await RawHttp.SendAsync(
            Hub.Url,
            "POST /hub?hub.mode=publish&hub.topic=http://t.example/ HTTP/1.1\nContent-Type: text/plain",
            new byte[4_194_305]
        );

        response.AssertRefused(413, "more than 4194304 bytes");
    }

    private static HubFields SubscribeForm(SinkCallback callback) =>
        new HubFields()
            .Add(HubParameters.Mode, HubModes.Subscribe)
            .Add(HubParameters.Topic, callback.Topic)
            .Add(HubParameters.Callback, callback.Url);
}
