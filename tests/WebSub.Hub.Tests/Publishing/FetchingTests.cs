using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;
using WebSub.Storage;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Publishing;

public abstract class FetchingTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    [Fact]
    [Trait("Req", "H25")]
    [Trait("Req", "X6")]
    public async Task Ping_FetchesConditionally_AndDeliversOnlyWhatChanged()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set("feed", FakeResource.FromString("one", "text/plain;charset=UTF-8"));
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());

        await PingAsync(hub, publisher.Url());
        var first = await subscriber.NextDeliveryAsync();
        await publisher.NextFetchAsync();
        await PingAsync(hub, publisher.Url());
        var unchanged = await publisher.NextFetchAsync();
        publisher.Set("feed", "two");
        await PingAsync(hub, publisher.Url());
        var second = await subscriber.NextDeliveryAsync();

        Assert.Equal(("one", "text/plain;charset=UTF-8"), (first.Text, first.ContentType));
        Assert.NotEmpty(unchanged.Headers["If-None-Match"]);
        Assert.EndsWith($"(+{hub.Url}; 1 subscribers)", unchanged.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.Equal("two", second.Text);
        Assert.EndsWith("/2", second.DeliveryId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_FollowsRedirects()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set(
            "old",
            new()
            {
                Body = [],
                Status = 301,
                Headers = new Dictionary<string, string> { ["Location"] = "new" },
            }
        );
        publisher.Set("new", "moved");
        await hub.SubscribeAsync(publisher.Url("old"), subscriber.Callback());

        await PingAsync(hub, publisher.Url("old"));
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Equal("moved", delivery.Text);
    }

    [Fact]
    public async Task Content_OneByteLargerThanTheCap_IsRefused_OfExactlyTheCapDelivered()
    {
        await using var hub = await StartHubAsync(o => o.Publishing.MaxContentBytes = 1000);
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set("large", new string('x', 1001));
        publisher.Set("small", new string('x', 1000));
        foreach (var name in (string[])["large", "small"])
            await hub.SubscribeAsync(publisher.Url(name), subscriber.Callback(name));

        await PingAsync(hub, publisher.Url("large"));
        await RefusedAsync(hub, "larger than 1000 bytes");
        await PingAsync(hub, publisher.Url("small"));
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Equal(("/small", 1000), (delivery.Target, delivery.Body.Length));
    }

    [Fact]
    public async Task Content_ThatNeverEnds_IsRefusedWhileItComes()
    {
        await using var hub = await StartHubAsync(o =>
            (o.Publishing.MaxContentBytes, o.Publishing.FetchTimeout) = (1000, TimeSpan.FromMinutes(5))
        );
        await using var peer = new EndlessPeer();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(peer.Url, subscriber.Callback());

        await PingAsync(hub, peer.Url);
        await RefusedAsync(hub, "larger than 1000 bytes");
        var answer = await peer.NextHangUpAsync();

        Assert.InRange(answer.Taken, 1, EndlessPeer.Buffered);
    }

    [Fact]
    public async Task Pings_DuringAFetch_CauseOneMore()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var held = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        publisher.Set("feed", "one");
        publisher.Before = _ =>
        {
            started.TrySetResult();
            return held.Task;
        };
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        await PingAsync(hub, publisher.Url());
        await started.Task.WaitAsync(HubHost.Deadline);

        for (var i = 0; i < 5; i++)
            await PingAsync(hub, publisher.Url());
        held.SetResult();
        await publisher.NextFetchAsync();
        await publisher.NextFetchAsync();
        publisher.Set("feed", "two");
        await PingAsync(hub, publisher.Url());
        await publisher.NextFetchAsync();
        await subscriber.NextDeliveryAsync();
        var last = await subscriber.NextDeliveryAsync();

        Assert.Equal("two", last.Text);
        Assert.Equal(3, publisher.Fetches.Count);
    }

    [Fact]
    [Trait("Req", "H26")]
    [Trait("Ref", "AS-17")]
    public async Task Feed_ReachesOnlyThoseWhoHadTheEntryBefore_AsADiff()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback("diff"));
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback("full"), extra: (HubParameters.Content, "full"));
        await UpdateAsync(1);
        await subscriber.NextDeliveryAsync();
        await subscriber.NextDeliveryAsync();
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback("new"));

        await UpdateAsync(2);
        var second = new[]
        {
            await subscriber.NextDeliveryAsync(),
            await subscriber.NextDeliveryAsync(),
            await subscriber.NextDeliveryAsync(),
        }.ToDictionary(d => d.Target, d => d.Text);

        Assert.All(subscriber.Deliveries.Take(2), d => Assert.Equal(Feed(1), d.Text));
        Assert.Equal(Feed(2), second["/full"]);
        Assert.Equal(Feed(2), second["/new"]);
        Assert.Contains("<id>2</id>", second["/diff"], StringComparison.Ordinal);
        Assert.DoesNotContain("<id>1</id>", second["/diff"], StringComparison.Ordinal);

        Task UpdateAsync(int entries)
        {
            publisher.Set("feed", FakeResource.FromString(Feed(entries), "application/atom+xml"));
            return PingAsync(hub, publisher.Url());
        }
    }

    [Fact]
    public async Task Feed_AfterAnEntryThatWasGivenUp_GoesOutInFull()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = []);
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.DeliveryId!.EndsWith("/2", StringComparison.Ordinal) ? 500 : 200);
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());

        for (var i = 1; i <= 4; i++)
        {
            publisher.Set("feed", FakeResource.FromString(Feed(i), "application/atom+xml"));
            await PingAsync(hub, publisher.Url());
            await subscriber.NextDeliveryAsync();
        }

        Assert.Equal([true, false, true, false], subscriber.Deliveries.Select((d, i) => d.Text == Feed(i + 1)));
    }

    [Fact]
    [Trait("Req", "H27")]
    public async Task Links_OfTheTopic_AreItsSelfUrl_ThenOurOwn_ThenItsOtherHubs()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var links = new Dictionary<string, string>
        {
            ["Link"] = $"<{hub.Url}>; rel=hub, <https://other.example/hub>; rel=hub, </feed?canonical>; rel=self",
        };
        publisher.Set("feed", new() { Body = "x"u8.ToArray(), Headers = links });
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());

        await PingAsync(hub, publisher.Url());
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Equal(
            $"<{publisher.Url("feed?canonical")}>; rel=\"self\", <{hub.Url}>; rel=\"hub\", <https://other.example/hub>; rel=\"hub\"",
            delivery.Headers["Link"]
        );
    }

    [Fact]
    [Trait("Req", "H27")]
    public async Task Links_ThatTheTopicChanges_AreThoseOfTheVeryUpdate()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        publisher.Set("feed", Advertising("one", "/feed?old"));
        await PingAsync(hub, publisher.Url());
        await subscriber.NextDeliveryAsync();

        publisher.Set("feed", Advertising("two", "/feed?new"));
        await PingAsync(hub, publisher.Url());
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Contains($"<{publisher.Url("feed?new")}>; rel=\"self\"", delivery.Headers["Link"].ToString(), StringComparison.Ordinal);

        FakeResource Advertising(string body, string self) =>
            FakeResource.FromString(body, "text/plain") with
            {
                Headers = new Dictionary<string, string> { ["Link"] = $"<{hub.Url}>; rel=hub, <{self}>; rel=self" },
            };
    }

    [Fact]
    public async Task InitialTrue_GetsTheCurrentContentAtOnce()
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set("feed", "current");

        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback("first"), extra: (HubParameters.Initial, "true"));
        var first = await subscriber.NextDeliveryAsync();
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback("second"), extra: (HubParameters.Initial, "true"));
        var second = await subscriber.NextDeliveryAsync();

        Assert.Equal(("/first", "current"), (first.Target, first.Text));
        Assert.Equal(("/second", "current"), (second.Target, second.Text));
        Assert.Equal(first.DeliveryId, second.DeliveryId);
    }

    [Fact]
    public async Task DeliveryLatest_SkipsToTheNewest()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.Straggler = TimeSpan.FromMilliseconds(20));
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var held = new TaskCompletionSource<int>();
        subscriber.OnDelivery = d => d.Text == "0" ? held.Task : Task.FromResult(200);
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback(), extra: (HubParameters.Delivery, "latest"));
        await hub.PublishAsync(publisher.Url(), "0");
        await subscriber.NextDeliveryAsync();

        for (var i = 1; i <= 50; i++)
            await hub.PublishAsync(publisher.Url(), $"{i}");
        held.SetResult(200);
        var next = await subscriber.NextDeliveryAsync();
        while (next.Text != "50")
            next = await subscriber.NextDeliveryAsync();

        Assert.True(subscriber.Deliveries.Count < 10, $"{subscriber.Deliveries.Count} deliveries");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [Trait("Req", "H25")]
    public async Task Content_ThatComesCompressedUnasked_IsDeliveredAsItIs(string coding)
    {
        await using var hub = await StartHubAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set(
            "feed",
            new()
            {
                Body = Compress("compressed", coding),
                Headers = new Dictionary<string, string> { ["Content-Encoding"] = coding },
            }
        );
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());

        await PingAsync(hub, publisher.Url());
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Equal("compressed", delivery.Text);
    }

    [Theory]
    [InlineData("zstd", "Content-Encoding zstd")]
    [InlineData("gzip", "larger than 1000 bytes")]
    public async Task Content_ThatCannotBeDecompressed_OrBecomesTooLarge_IsRefused(string coding, string reason)
    {
        await using var hub = await StartHubAsync(o => o.Publishing.MaxContentBytes = 1000);
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        publisher.Set(
            "feed",
            new()
            {
                Body = Compress(new string('x', 100_000), "gzip"),
                Headers = new Dictionary<string, string> { ["Content-Encoding"] = coding },
            }
        );
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());

        await PingAsync(hub, publisher.Url());
        await RefusedAsync(hub, reason);

        Assert.Empty(subscriber.Deliveries);
    }

    [Fact]
    public async Task Topic_ThatCannotBeFetched_IsTriedWithinSecondsOfAPing_HoweverOftenItIsPinged()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => o.Publishing.FetchRetryDelays = [TimeSpan.FromSeconds(300)],
            clock
        );
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback());
        await PingAsync(hub, publisher.Url());
        await RefusedAsync(hub, "404");
        await publisher.NextFetchAsync();

        publisher.Set("feed", "back");
        await PingAsync(hub, publisher.Url());
        var dueAfterAPing = await DueAsync();
        await PingAsync(hub, publisher.Url());
        var dueAfterAnother = await DueAsync();
        clock.Advance(TimeSpan.FromSeconds(6));
        await PingAsync(hub, publisher.Url());
        await subscriber.NextDeliveryAsync();

        // The schedule says 300 s, but a publisher that pings may be back, so it is at most 5 s from the last fetch.
        Assert.Equal((5, 5), (dueAfterAPing, dueAfterAnother));
        Assert.Equal(2, publisher.Fetches.Count);

        async Task<long> DueAsync()
        {
            var wait = await hub.Db.ReadAsync(
                s => s.ScalarAsync<long>("select due - fetched_at from {topics}"),
                TestContext.Current.CancellationToken
            );
            return wait / 1_000_000;
        }
    }

    [Fact]
    public async Task Topic_ThatCannotBeFetched_IsTriedWithinSeconds_ForThoseWhoAskForTheCurrentContentToo()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => o.Publishing.FetchRetryDelays = [TimeSpan.FromSeconds(300)],
            clock
        );
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback("first"), extra: (HubParameters.Initial, "true"));
        await RefusedAsync(hub, "404");
        await AssertDueAsync(300);

        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback("second"), extra: (HubParameters.Initial, "true"));

        await AssertDueAsync(5);
        Assert.Single(publisher.Fetches);

        Task AssertDueAsync(long seconds) =>
            hub.UntilAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"select count(*) from {{topics}} where claimed_by is null and (due - fetched_at) / 1000000 = {seconds}"
                )
            );
    }

    [Fact]
    public async Task Documents_ThatAreExpensiveToRead_CountAsSeveralFetchesOfTheirHost_AndAreStillDelivered()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Publishing.PerHostPerMinute = 2, clock);
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        // Reading it ends at 200,000 elements and attributes.
        var expensive = $"<html><head>{string.Concat(Enumerable.Repeat("<meta a>", 150_000))}";
        publisher.Set("expensive", FakeResource.FromString(expensive, "text/html"));
        publisher.Set("cheap", "cheap");
        foreach (var name in (string[])["expensive", "cheap"])
            await hub.SubscribeAsync(publisher.Url(name), subscriber.Callback(name));

        await PingAsync(hub, publisher.Url("expensive"));
        var delivered = await subscriber.NextDeliveryAsync();
        await PingAsync(hub, publisher.Url("cheap"));
        var waits = await WaitsAsync(hub, clock, 1);

        Assert.Equal(expensive.Length, delivered.Body.Length);
        // One fetch and twenty more, at two a minute, of which two are free.
        Assert.Equal([600L], waits);
        Assert.Single(publisher.Fetches);
    }

    [Fact]
    public async Task Topics_OfOneHost_AreFetchedAtItsPace_RegisteredOnesAtOnce()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Publishing.PerHostPerMinute = 2, clock);
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        using (
            await hub.PostAsync(new HubFields().Add(HubParameters.Mode, "register").Add(HubParameters.Topic, publisher.Url("registered")))
        ) { }
        foreach (var name in (string[])["1", "2", "3", "4", "registered"])
        {
            publisher.Set(name, name);
            await hub.SubscribeAsync(publisher.Url(name), subscriber.Callback(name));
        }

        for (var i = 1; i <= 4; i++)
            await PingAsync(hub, publisher.Url($"{i}"));
        await PingAsync(hub, publisher.Url("registered"));
        for (var i = 0; i < 3; i++)
            await subscriber.NextDeliveryAsync();
        var waits = await WaitsAsync(hub, clock, 2);
        var fetched = publisher.Fetches.Count;
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        while (publisher.Fetches.Select(f => f.Target).Distinct().Count() < 5)
        {
            deadline.Token.ThrowIfCancellationRequested();
            clock.Advance(TimeSpan.FromSeconds(1));
            // Has the loop look at the clock.
            await PingAsync(hub, publisher.Url("registered"));
        }

        Assert.Equal([30L, 60L], waits);
        Assert.Equal(3, fetched);
    }

    [Theory]
    [InlineData("ETag", "\"caf\u00e9\"")]
    [InlineData("ETag", "W/\"1\"")]
    [InlineData("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")]
    public async Task Validator_ThatProvesNothing_IsNotSentBack_AndTheTopicIsFetchedAgain(string name, string value)
    {
        await using var hub = await StartHubAsync();
        await using var peer = await RawPublisher.StartAsync(name, value);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(peer.Url, subscriber.Callback());

        await PingAsync(hub, peer.Url);
        var first = await subscriber.NextDeliveryAsync();
        await PingAsync(hub, peer.Url);
        var second = await subscriber.NextDeliveryAsync();

        Assert.Equal(("1", "2"), (first.Text, second.Text));
    }

    [Fact]
    public async Task TopicsThatHang_DelayNoOtherTopic()
    {
        await using var hub = await StartHubAsync(o => o.Publishing.FetchTimeout = TimeSpan.FromMinutes(5));
        await using var hanging = await FakePublisher.StartAsync();
        await using var publisher = await FakePublisher.StartAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var held = new TaskCompletionSource();
        hanging.Before = _ => held.Task;
        publisher.Set("feed", "news");
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => hub.SubscribeAsync(Hanging(i), subscriber.Callback($"{i}.hangs"))));
        await hub.SubscribeAsync(publisher.Url(), subscriber.Callback("healthy"));

        for (var i = 0; i < 40; i++)
            await PingAsync(hub, Hanging(i));
        await PingAsync(hub, publisher.Url());
        var delivery = await subscriber.NextDeliveryAsync();
        held.SetResult();

        Assert.Equal("/healthy", delivery.Target);

        // Another host than the healthy one's: one host has only so many slots.
        string Hanging(int i) => hanging.Url($"{i}").Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
    }

    private static byte[] Compress(string text, string coding)
    {
        var buffer = new MemoryStream();
        using (
            Stream stream = coding switch
            {
                "br" => new BrotliStream(buffer, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(buffer, CompressionLevel.Fastest),
                _ => new GZipStream(buffer, CompressionLevel.Fastest),
            }
        )
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return buffer.ToArray();
    }

    /// <summary>Waits until a topic could not be fetched for a reason that contains this.</summary>
    private static Task RefusedAsync(HubHost hub, string reason) =>
        hub.UntilAsync(async () =>
            await hub.Db.ReadAsync(
                s =>
                    s.ScalarAsync<long>(
                        "select count(*) from {topics} where failures > 0 and claimed_by is null and last_error like @like",
                        new { like = $"%{reason}%" }
                    ),
                TestContext.Current.CancellationToken
            ) > 0
        );

    private static async Task PingAsync(HubHost hub, string topic)
    {
        using var response = await hub.PostAsync(new HubFields().Add(HubParameters.Mode, HubModes.Publish).Add(HubParameters.Topic, topic));
        Assert.Equal(202, (int)response.StatusCode);
    }

    private static string Feed(int entries) =>
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Zeitung für alle</title>"
        + string.Concat(Enumerable.Range(1, entries).Reverse().Select(i => $"<entry><id>{i}</id><title>Nº {i}</title></entry>"))
        + "</feed>";

    public sealed class OnSqlite() : FetchingTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : FetchingTests(server);

    /// <summary>The seconds that topics wait for their turn, once this many do.</summary>
    private static async Task<IReadOnlyList<long>> WaitsAsync(HubHost hub, FakeTimeProvider clock, int count)
    {
        IReadOnlyList<long> found = [];
        var now = DatabaseTime.Now(clock);
        await hub.UntilAsync(async () =>
        {
            found = await hub.Db.ReadAsync(
                s =>
                    s.QueryAsync<long>(
                        "select (due - @now) / 1000000 from {topics} where claimed_by is null and due > @now order by due",
                        new { now }
                    ),
                TestContext.Current.CancellationToken
            );
            return found.Count >= count;
        });
        return found;
    }
}
