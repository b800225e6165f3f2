using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>What publishers really have: the hub passes it on byte for byte, with the headers of §7.</summary>
public abstract class RealInputTests(SharedHub shared) : HubTests(shared)
{
    private const string Secret = "ein Geheimnis aus Hörnum";

    [Theory]
    [InlineData(FeedSite.Html, HubParameters.Url)]
    [InlineData(FeedSite.Rss, HubParameters.Topic)]
    [InlineData(FeedSite.Atom, "hub.topic[]")]
    [InlineData(FeedSite.Json, HubParameters.UrlArray)]
    [InlineData(FeedSite.Binary, HubParameters.Url)]
    [Trait("Req", "H25 H27 H31 C1")]
    public async Task Ping_ChangedResource_IsDeliveredAsItIs(string path, string field)
    {
        await using var site = await FeedSite.StartAsync(Hub.Url);
        var topic = site.Url(path);
        var callback = await SubscribeToAllOfItAsync(topic);

        await Hub.PingAsync((field, topic));
        var first = (site.Body(path), (await callback.WaitForDeliveriesAsync(1))[0]);
        site.Update();
        await Hub.PingAsync((field, topic));
        var second = (site.Body(path), (await callback.WaitForDeliveriesAsync(2))[1]);

        Assert.NotEqual(first.Item1, second.Item1);
        foreach (var (body, delivery) in new[] { first, second })
        {
            Assert.Equal(body, delivery.Body);
            Assert.Equal(site.ContentType(path), delivery.ContentType);
            Assert.Equal($"<{topic}>; rel=\"self\", <{Hub.Url}>; rel=\"hub\"", Assert.Single(delivery.Headers["Link"]));
            Assert.Equal(SignatureVerdict.Valid, delivery.Signature);
            Assert.StartsWith("sha256=", delivery.Header(HubHeaders.Signature), StringComparison.Ordinal);
        }

        Assert.Matches("^[0-9a-f]+/1$", first.Item2.DeliveryId!);
        Assert.Equal(first.Item2.DeliveryId![..^1] + "2", second.Item2.DeliveryId);
    }

    [Theory]
    [InlineData(FeedSite.Atom, "id", "tag:notes.example,2026:note-")]
    [InlineData(FeedSite.Rss, "guid", "note-")]
    [Trait("Req", "H26")]
    public async Task Ping_ChangedFeed_IsDeliveredWithItsNewAndRevisedEntriesOnly(string path, string idElement, string idStart)
    {
        await using var site = await FeedSite.StartAsync(Hub.Url);
        var callback = await Hub.SubscribeAsync(Sink, site.Url(path), Secret);

        await Hub.PingAsync((HubParameters.Topic, callback.Topic));
        var first = (site.Body(path), (await callback.WaitForDeliveriesAsync(1))[0]);
        site.Update();
        await Hub.PingAsync((HubParameters.Topic, callback.Topic));
        var second = (await callback.WaitForDeliveriesAsync(2))[1];

        Assert.Equal(first.Item1, first.Item2.Body);
        var (before, diff) = (XDocument.Load(new MemoryStream(site.Body(path))), XDocument.Load(new MemoryStream(second.Body)));
        var entries = diff.Descendants().Where(e => e.Name.LocalName is "entry" or "item").ToList();
        Assert.Equal([$"{idStart}4", $"{idStart}3"], entries.Select(e => e.Elements().Single(i => i.Name.LocalName == idElement).Value));
        Assert.All(entries, e => Assert.Contains(before.Descendants(), b => XNode.DeepEquals(b, e)));
        Assert.Equal(WithoutEntries(before), WithoutEntries(diff));
        Assert.Equal(site.ContentType(path), second.ContentType);
        Assert.Equal(SignatureVerdict.Valid, second.Signature);
    }

    [Fact]
    public async Task Ping_UnchangedResource_IsAskedConditionallyAndNotDeliveredAgain()
    {
        await using var site = await FeedSite.StartAsync(Hub.Url);
        var topic = site.Url(FeedSite.Atom);
        var callback = await SubscribeToAllOfItAsync(topic);
        await Hub.PingAsync((HubParameters.Url, topic));
        await callback.WaitForDeliveriesAsync(1);
        var known = site.ETag(FeedSite.Atom);

        await Hub.PingAsync((HubParameters.Url, topic));
        await UnchangedAsync(topic);
        site.Update();
        await Hub.PingAsync((HubParameters.Url, topic));
        var deliveries = await callback.WaitForDeliveriesAsync(2);

        Assert.Equal(["", known, known], site.Requests.Select(r => r.IfNoneMatch));
        Assert.Equal(site.Body(FeedSite.Atom), deliveries[1].Body);
        Assert.EndsWith("/2", deliveries[1].DeliveryId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_UnchangedResourceOfAServerWithoutConditions_IsNotDeliveredAgain()
    {
        var body = "Hochwasser 13:05"u8.ToArray();
        await using var server = await LoopbackServer.StartAsync(context => context.Response.Body.WriteAsync(body).AsTask());
        var topic = server.Url + "/tide";
        var callback = await Hub.SubscribeAsync(Sink, topic);
        await Hub.PingAsync((HubParameters.Url, topic));
        await callback.WaitForDeliveriesAsync(1);

        await Hub.PingAsync((HubParameters.Url, topic));
        await UnchangedAsync(topic);
        body = "Hochwasser 13:40"u8.ToArray();
        await Hub.PingAsync((HubParameters.Url, topic));
        var deliveries = await callback.WaitForDeliveriesAsync(2);

        Assert.Equal(["Hochwasser 13:05", "Hochwasser 13:40"], deliveries.Select(d => Encoding.UTF8.GetString(d.Body)));
        // The site names no type, so the hub invents none.
        Assert.All(deliveries, d => Assert.Null(d.ContentType));
    }

    [Theory]
    [InlineData("repeated")]
    [InlineData("mixed names")]
    [InlineData("comma list")]
    [InlineData("comma list with spaces")]
    [Trait("Req", "X4")]
    public async Task Ping_SeveralTopics_FetchesAndDeliversEach(string form)
    {
        await using var site = await FeedSite.StartAsync(Hub.Url);
        string[] paths = [FeedSite.Rss, FeedSite.Json, FeedSite.Binary];
        var callbacks = new List<SinkCallback>();
        foreach (var path in paths)
            callbacks.Add(await Hub.SubscribeAsync(Sink, site.Url(path), Secret));
        var topics = callbacks.ConvertAll(c => c.Topic);

        await Hub.PingAsync(
            form switch
            {
                "repeated" => [.. topics.Select(t => (HubParameters.Url, t))],
                "mixed names" =>
                [
                    (HubParameters.Url, topics[0]),
                    (HubParameters.Topic, topics[1]),
                    (HubParameters.UrlArray, topics[2]),
                    (HubParameters.Topic, topics[0]),
                ],
                "comma list" => [(HubParameters.Url, string.Join(',', topics))],
                _ => [(HubParameters.Topic, string.Join(", ", topics))],
            }
        );
        foreach (var callback in callbacks)
            await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(paths.Select(site.Body), callbacks.Select(c => Assert.Single(c.Deliveries).Body));
        Assert.Equal(3, site.Requests.Count);
    }

    [Fact]
    [Trait("Req", "X4")]
    public async Task Ping_TopicWithACommaBeforeAUrl_IsThatTopicIfItIsKnown()
    {
        await using var site = await FeedSite.StartAsync(Hub.Url);
        const string Path = "/compare?pages=one,http://two.example/";
        site.Put(Path, new("text/plain", "both pages"u8.ToArray()));
        var callback = await Hub.SubscribeAsync(Sink, site.Url(Path));

        await Hub.PingAsync((HubParameters.Topic, callback.Topic));
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal("both pages", Encoding.UTF8.GetString(deliveries[0].Body));
    }

    [Theory]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("TEXT/HTML; Charset=\"utf-8\"")]
    [InlineData("application/atom+xml;type=feed;charset=utf-8 ; q=1")]
    [InlineData("application/problem+json; profile=\"a;b, c\"")]
    [InlineData("not really a type")]
    [Trait("Req", "H25")]
    public async Task Ping_AnyContentType_IsDeliveredVerbatim(string contentType)
    {
        await using var site = await FeedSite.StartAsync(Hub.Url);
        site.Put("/page", new(contentType, "<p>Flut</p>"u8.ToArray()));
        var callback = await Hub.SubscribeAsync(Sink, site.Url("/page"));

        await Hub.PingAsync((HubParameters.Url, callback.Topic));
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(contentType, Assert.Single(deliveries[0].Headers["Content-Type"]));
    }

    [Theory]
    [InlineData("text/plain;charset=UTF-8")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=here")]
    [InlineData("not really a type")]
    [Trait("Req", "H25")]
    public async Task Push_AnyContentType_IsDeliveredVerbatim(string contentType)
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic(), Secret);
        byte[] content = [.. "name=value&more=%C3%A4 "u8, .. SiteContent.Binary(3)];

        await Hub.PushAsync(callback.Topic, content, contentType);
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(contentType, Assert.Single(deliveries[0].Headers["Content-Type"]));
        Assert.Equal(content, deliveries[0].Body);
        Assert.Equal(SignatureVerdict.Valid, deliveries[0].Signature);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(4_194_304)]
    public async Task Push_AnySizeUpToTheLimit_IsDeliveredWhole(int size)
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic(), Secret);
        byte[] content = [.. Enumerable.Range(0, size).Select(i => (byte)(i * 7 / 3))];

        await Hub.PushAsync(callback.Topic, content, "application/octet-stream");
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(content, deliveries[0].Body);
        Assert.Equal(SignatureVerdict.Valid, deliveries[0].Signature);
    }

    [Fact]
    public async Task Ping_TopicThatMoved_DeliversWhatIsThereNow()
    {
        await using var site = await FeedSite.StartAsync(Hub.Url);
        var callback = await Hub.SubscribeAsync(Sink, site.Url(FeedSite.Moved));

        await Hub.PingAsync((HubParameters.Url, callback.Topic));
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(site.Body(FeedSite.Atom), deliveries[0].Body);
        // H27, D14: the canonical URL is what the topic says of itself at the end of the redirects.
        Assert.Contains($"<{site.Url(FeedSite.Atom)}>; rel=\"self\"", deliveries[0].Header("Link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_TopicNobodyWants_FetchesNothing()
    {
        await using var site = await FeedSite.StartAsync(Hub.Url);
        var callback = await Hub.SubscribeAsync(Sink, site.Url(FeedSite.Rss));

        await Hub.PingAsync((HubParameters.Url, site.Url(FeedSite.Html)));
        await Hub.PingAsync((HubParameters.Url, callback.Topic));
        await callback.WaitForDeliveriesAsync(1);

        Assert.Equal([FeedSite.Rss], site.Requests.Select(r => r.Path));
    }

    [Fact]
    public async Task Ping_TopicChangesWhileItIsFetched_IsFetchedOnceMore()
    {
        using var gate = new Gate();
        await using var site = await FeedSite.StartAsync(Hub.Url);
        // The page of the first edition is read before the change and sent after it, as a busy site does.
        var old = site.Body(FeedSite.Json);
        var slow = true;
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            var body = slow ? old : "new"u8.ToArray();
            if (slow)
                await gate.PassAsync();
            await context.Response.Body.WriteAsync(body);
        });
        var callback = await Hub.SubscribeAsync(Sink, server.Url + "/page");

        await Hub.PingAsync((HubParameters.Url, callback.Topic));
        await gate.ReachedAsync();
        slow = false;
        await Hub.PingAsync((HubParameters.Url, callback.Topic));
        gate.Open();
        var deliveries = await callback.WaitForDeliveriesAsync(2);

        Assert.Equal(old, deliveries[0].Body);
        Assert.Equal("new"u8.ToArray(), deliveries[1].Body);
    }

    [Fact]
    [Trait("Req", "C2")]
    public async Task Subscribe_SignatureMethodAsked_IsUsed()
    {
        var callback = Sink.Expect(NewTopic(), Secret);
        var form = new HubFields()
            .Add(HubParameters.Mode, HubModes.Subscribe)
            .Add(HubParameters.Topic, callback.Topic)
            .Add(HubParameters.Callback, callback.Url)
            .Add(HubParameters.Secret, Secret)
            .Add(HubParameters.SignatureMethod, "sha512");

        var response = await RawHttp.PostFormAsync(Hub.Url, form.ToString());
        await Hub.VerifiedAsync(callback);
        await Hub.PushAsync(callback.Topic, "signed");
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(StatusCodes.Status202Accepted, response.Status);
        Assert.StartsWith("sha512=", deliveries[0].Header(HubHeaders.Signature), StringComparison.Ordinal);
        Assert.Equal(SignatureVerdict.Valid, deliveries[0].Signature);
    }

    [Fact]
    [Trait("Req", "H32")]
    public async Task Subscribe_NoSecret_IsDeliveredUnsigned()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());

        await Hub.PushAsync(callback.Topic, "unsigned");
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Null(deliveries[0].Header(HubHeaders.Signature));
    }

    private static string WithoutEntries(XDocument feed)
    {
        var copy = new XDocument(feed);
        copy.Descendants().Where(e => e.Name.LocalName is "entry" or "item").Remove();
        return copy.ToString();
    }

    private async Task<SinkCallback> SubscribeToAllOfItAsync(string topic)
    {
        var callback = Sink.Expect(topic, Secret);
        callback.Content = "full";
        await Hub.SubscribeAsync(Sink, callback);
        return callback;
    }

    private async Task UnchangedAsync(string topic) => await Hub.Process.WaitForLineAsync($"Topic {Regex.Escape(topic)} is unchanged");
}
