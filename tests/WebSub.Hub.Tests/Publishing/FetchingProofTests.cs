using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Publishing;

/// <summary>After a ping nothing counts as unchanged, or as the content, that does not prove it.</summary>
public abstract class FetchingProofTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    [Fact]
    public async Task Ping_AsksCachesForMoreThanTheyHold()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set("feed", "one");
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());

        await PingAsync(hub, publisher.Url());
        var fetch = await publisher.NextFetchAsync();

        Assert.Equal("no-cache", fetch.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task ETag_OfAFileThatHasJustChanged_IsNotSentBack()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        var old = await FetchedAgainAsync(TimeProvider.System.GetUtcNow().AddHours(-1), "old");

        var fresh = await FetchedAgainAsync(TimeProvider.System.GetUtcNow(), "fresh");

        Assert.Equal("\"t\"", old.Headers["If-None-Match"]);
        Assert.DoesNotContain("If-None-Match", fresh.Headers.Keys);

        async Task<FakeFetch> FetchedAgainAsync(DateTimeOffset changed, string text)
        {
            publisher.Set(
                "feed",
                FakeResource.FromString(text) with
                {
                    Headers = new Dictionary<string, string>
                    {
                        ["ETag"] = "\"t\"",
                        ["Last-Modified"] = changed.ToString("r", CultureInfo.InvariantCulture),
                    },
                }
            );
            await PingAsync(hub, publisher.Url());
            await publisher.NextFetchAsync();
            await subscriber.NextDeliveryAsync();
            await PingAsync(hub, publisher.Url());
            return await publisher.NextFetchAsync();
        }
    }

    [Fact]
    public async Task ETag_OfAnotherUrl_IsNotSent()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        foreach (var name in (string[])["a", "b"])
            publisher.Set(name, FakeResource.FromString(name) with { Headers = new Dictionary<string, string> { ["ETag"] = "\"1\"" } });

        var texts = new List<string>();
        foreach (var name in (string[])["a", "b"])
        {
            publisher.Set("feed", Redirect(name));
            await PingAsync(hub, publisher.Url());
            texts.Add((await subscriber.NextDeliveryAsync()).Text);
        }

        Assert.Equal(["a", "b"], texts);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(204)]
    [InlineData(206)]
    [InlineData(226)]
    [InlineData(304)]
    public async Task Answer_ThatIsNotTheFullContent_IsNoContent(int status)
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set("feed", new() { Body = status is 204 or 304 ? [] : "part"u8.ToArray(), Status = status });
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());

        await PingAsync(hub, publisher.Url());
        await hub.UntilAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"select count(*) from {{topics}} where failures = 1 and last_error like '%{status}%'"
            )
        );

        Assert.Empty(subscriber.Deliveries);
    }

    [Fact]
    public async Task RetryAfter_IsWaitedFor_EvenWhenPinged()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(ConnectionString, time: clock);
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set(
            "feed",
            new()
            {
                Body = [],
                Status = 429,
                Headers = new Dictionary<string, string> { ["Retry-After"] = "40" },
            }
        );
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        const string Due = "select count(*) from {topics} where claimed_by is null and (due - fetched_at) / 1000000 = 40";

        await PingAsync(hub, publisher.Url());
        await hub.UntilAsync(Due);
        await PingAsync(hub, publisher.Url());
        await hub.UntilAsync(Due);

        Assert.Single(publisher.Fetches);
    }

    [Fact]
    public async Task Answer_OfACacheThatIsOlderThanThePing_IsLookedAtAgain_WhenTheCacheHasAsked()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(ConnectionString, time: clock);
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        publisher.Set(
            "feed",
            FakeResource.FromString("old") with
            {
                Headers = new Dictionary<string, string> { ["Age"] = "100", ["Cache-Control"] = "max-age=160" },
            }
        );

        await PingAsync(hub, publisher.Url());
        var before = await subscriber.NextDeliveryAsync();
        await hub.UntilAsync("select count(*) from {topics} where claimed_by is null and due - fetched_at = 60000000");
        publisher.Set("feed", "new");
        var next = subscriber.NextDeliveryAsync();
        await clock.AdvanceUntilAsync(next, TimeSpan.FromSeconds(1));
        var after = await next;
        await hub.UntilAsync("select count(*) from {topics} where claimed_by is null and due is null");

        Assert.Equal(("old", "new"), (before.Text, after.Text));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Push_CompressedAndBrokenOff_IsRefused_AlsoInAnAppThatDecompressesRequests(string coding)
    {
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            services: s => s.AddRequestDecompression().AddSingleton<IStartupFilter, DecompressesRequests>()
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        const string Topic = "https://publisher.example/tide";
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var packed = Packed.Of(string.Concat(Enumerable.Range(0, 9999)), coding);

        var broken = await PushAsync(hub, Topic, packed[..(packed.Length / 2)], coding);
        var withoutEnd = await PushAsync(hub, Topic, packed[..^1], coding);
        var whole = await PushAsync(hub, Topic, packed, coding);
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Equal((400, 400, 202), (broken, withoutEnd, whole));
        Assert.Equal(string.Concat(Enumerable.Range(0, 9999)), delivery.Text);
    }

    [Theory]
    [InlineData(HubModes.Publish, "hub.topic")]
    [InlineData(HubModes.Publish, "hub.url")]
    [InlineData("register", "hub.topic")]
    public async Task Publish_OfATopicWithAPassword_IsRefused_WithoutRepeatingIt(string mode, string field)
    {
        await using var hub = await StartHubAsync();

        using var response = await hub.PostAsync(
            new HubFields().Add(HubParameters.Mode, mode).Add(field, "https://me:p%40ssw0rd@publisher.example/")
        );
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotContain("ssw0rd", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_ThatComesCompressed_IsDecoded_AndWhatCannotBeIsRefused()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        const string Topic = "https://publisher.example/tide";
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        var decoded = await PushAsync(hub, Topic, Zipped("content"), "gzip");
        var broken = await PushAsync(hub, Topic, "no gzip"u8.ToArray(), "gzip");
        var unknown = await PushAsync(hub, Topic, "content"u8.ToArray(), "zstd");
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Equal((202, 400, 415), (decoded, broken, unknown));
        Assert.Equal("content", delivery.Text);
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task Publish_WithoutABody_IsAPing_OfATopicThatCanBeFetched()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set("feed", "the edition");
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());

        var fetched = await PushAsync(hub, publisher.Url(), [], null);
        var named = await PushAsync(hub, "tides", [], null);
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Equal((202, 400), (fetched, named));
        Assert.Equal("the edition", delivery.Text);
    }

    [Fact]
    public async Task PingAnswer_IsTheStatusOfPingsAndPushes()
    {
        await using var hub = await StartHubAsync(o => o.Publishing.PingAnswer = 204);

        using var ping = await hub.PostAsync(
            new HubFields().Add(HubParameters.Mode, HubModes.Publish).Add(HubParameters.Topic, "https://publisher.example/")
        );
        var push = await PushAsync(hub, "https://publisher.example/", "x"u8.ToArray(), null);

        Assert.Equal((HttpStatusCode.NoContent, 204), (ping.StatusCode, push));
    }

    [Theory]
    [Trait("Req", "H27")]
    [InlineData("https://publisher.example/für?x=%7Ea", "https://publisher.example/f%C3%BCr?x=%7Ea")]
    [InlineData("https://publisher.example/q?name=\"x\"&n=1", "https://publisher.example/q?name=%22x%22&n=1")]
    [InlineData("https://publisher.example/<b>?c?d", "https://publisher.example/%3Cb%3E?c?d")]
    public async Task Link_OfATopicThatIsNoPlainUrl_EncodesOnlyWhatAHeaderCannotHold(string topic, string self)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(topic, subscriber.Callback());

        await hub.PublishAsync(topic, "x");
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Equal($"<{self}>; rel=\"self\", <{hub.Url}>; rel=\"hub\"", delivery.Headers["Link"]);
    }

    [Theory]
    [InlineData("https://user:pass@publisher.example/")]
    [InlineData("https://publisher.example/\u202efeed")]
    [InlineData("https://publisher.example/\u2028feed")]
    public async Task Subscribe_TopicOrCallbackThatMisleadsReaders_IsRefused_InPlainText(string url)
    {
        await using var hub = await StartHubAsync();

        using var topic = await hub.RequestAsync(HubModes.Subscribe, url, "https://subscriber.example/");
        using var callback = await hub.RequestAsync(HubModes.Subscribe, "https://publisher.example/", url);

        Assert.All(
            [topic, callback],
            r =>
                Assert.Equal((HttpStatusCode.BadRequest, "nosniff"), (r.StatusCode, r.Headers.GetValues("X-Content-Type-Options").Single()))
        );
    }

    private static FakeResource Redirect(string to) =>
        new()
        {
            Body = [],
            Status = 302,
            Headers = new Dictionary<string, string> { ["Location"] = to },
        };

    private static byte[] Zipped(string text)
    {
        var result = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(result, System.IO.Compression.CompressionMode.Compress))
            zip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return result.ToArray();
    }

    private static async Task<int> PushAsync(HubHost hub, string topic, byte[] body, string? coding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.Url}?hub.mode=publish&hub.topic={Uri.EscapeDataString(topic)}")
        {
            Content = new ByteArrayContent(body),
        };
        if (coding is not null)
            request.Content.Headers.ContentEncoding.Add(coding);
        using var response = await hub.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task PingAsync(HubHost hub, string topic)
    {
        using var response = await hub.PostAsync(new HubFields().Add(HubParameters.Mode, HubModes.Publish).Add(HubParameters.Topic, topic));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private sealed class DecompressesRequests : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app =>
            {
                app.UseRequestDecompression();
                next(app);
            };
    }

    public sealed class OnSqlite() : FetchingProofTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : FetchingProofTests(server);
}
