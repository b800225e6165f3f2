using System.Net;
using System.Text;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Publishing;

/// <summary>Answers of a topic that only a server on bare sockets gives.</summary>
public abstract class FetchedBytesTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const int FetchFailed = 1200;

    private static readonly string Whole = string.Concat(Enumerable.Range(0, 4000).Select(i => $"<item>{i * 7919 % 4001}</item>"));

    public static TheoryData<string, string, bool> BrokenOff =>
        new(
            from coding in (string[])["gzip", "br", "deflate", "raw"]
            from cut in (string[])["start", "middle", "last byte"]
            from isChunked in (bool[])[true, false]
            select (coding, cut, isChunked)
        );

    [Theory]
    [Trait("Req", "H25")]
    [MemberData(nameof(BrokenOff))]
    public async Task Content_CompressedAndBrokenOff_IsNoContent_AndItsTagIsNotKept(string coding, string cut, bool isChunked)
    {
        var packed = Packed.Of(Whole, coding);
        var part = cut switch
        {
            "start" => packed[..4],
            "middle" => packed[..(packed.Length / 2)],
            _ => packed[..^1],
        };
        var head = $"200 OK\nContent-Encoding: {(coding == "raw" ? "deflate" : coding)}\nETag: \"v\"";
        await using var publisher = new ScriptedPeer(
            (_, n) =>
                n > 1 ? ScriptedPeer.Answer(head, packed)
                : isChunked ? ScriptedPeer.Answer(head + "\nTransfer-Encoding: chunked", ScriptedPeer.Chunks(part))
                : ScriptedPeer.Answer(head, part)
        );
        await using var hub = await StartHubAsync(o => o.Publishing.FetchRetryDelays = [TimeSpan.Zero]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Origin + "/feed", subscriber.Callback());

        await PingAsync(hub, publisher.Origin + "/feed");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(Whole, delivery.Text);
        Assert.Equal(2, publisher.Requests.Count);
        Assert.DoesNotContain("If-None-Match", publisher.Requests[1], StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "H25")]
    [InlineData("200 OK\nTransfer-Encoding: chunked", "ffffffffffffffff\r\nhello")]
    [InlineData("200 OK\nTransfer-Encoding: chunked", "1ffffffffffffffff\r\nhello")]
    [InlineData("200 OK\nContent-Encoding: br", "this is no brotli")]
    [InlineData("200 OK\nContent-Encoding: deflate", "x\u00f9+I+)")]
    public async Task Content_ThatCannotBeRead_IsAFailedFetch_WhoseReasonIsKept(string head, string body)
    {
        await using var publisher = new ScriptedPeer(
            (_, n) =>
                n == 1 ? ScriptedPeer.Answer(head, Encoding.Latin1.GetBytes(body)) : ScriptedPeer.Answer("200 OK", "whole"u8.ToArray())
        );
        await using var hub = await StartHubAsync(o => o.Publishing.FetchRetryDelays = [TimeSpan.Zero]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Origin + "/feed", subscriber.Callback());
        var failed = hub.LoggedAsync(FetchFailed);

        await PingAsync(hub, publisher.Origin + "/feed");
        await failed;
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(("whole", 2), (delivery.Text, publisher.Requests.Count));
    }

    [Theory]
    [Trait("Req", "D14")]
    [InlineData("/潮汐", "/%E6%BD%AE%E6%B1%90")]
    [InlineData("/déjà", "/d%C3%A9j%C3%A0")]
    [InlineData("/%7Ea/%c3%a9?q=%7e", "/%7Ea/%c3%a9?q=%7e")]
    [InlineData("a b", "/topic/a%20b")]
    [InlineData("/a\\b", "/a/b")]
    [InlineData("?next", "/topic/feed?next")]
    [InlineData("../up.", "/up.")]
    [InlineData("//{host}/x", "/x")]
    [InlineData("http://{host}?q", "/?q")]
    public async Task Redirect_OfAnyBytes_LeadsToWhatItNames(string location, string expected)
    {
        await using var publisher = new ScriptedPeer(
            (target, _) =>
                target == "/topic/feed"
                    ? ScriptedPeer.Answer($"302 Found\nLocation: {InBytes(location)}\nContent-Length: 0", [])
                    : ScriptedPeer.Answer("200 OK", Encoding.ASCII.GetBytes(target))
        );
        location = location.Replace("{host}", publisher.Origin[7..], StringComparison.Ordinal);
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Origin + "/topic/feed", subscriber.Callback());

        await PingAsync(hub, publisher.Origin + "/topic/feed");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(expected, delivery.Text);
    }

    [Fact]
    public async Task Redirect_ToAPassword_IsNotFollowed_AndThePasswordIsKeptNowhere()
    {
        await using var publisher = new ScriptedPeer(
            (_, _) => ScriptedPeer.Answer("302 Found\nLocation: http://me:s%40cret@127.0.0.1/x\nContent-Length: 0", [])
        );
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Origin + "/feed", subscriber.Callback());

        await PingAsync(hub, publisher.Origin + "/feed");
        await hub.UntilAsync("select count(*) from {topics} where failures > 0 and last_error like '%redirects to a URL%'");

        Assert.Equal(
            0,
            await hub.Db.ReadAsync(s => s.ScalarAsync<long>("select count(*) from {topics} where last_error like '%cret%'"), default)
        );
    }

    private static string InBytes(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static async Task PingAsync(HubHost hub, string topic)
    {
        using var response = await hub.PostAsync(new HubFields().Add(HubParameters.Mode, HubModes.Publish).Add(HubParameters.Topic, topic));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    public sealed class OnSqlite() : FetchedBytesTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : FetchedBytesTests(server);
}
