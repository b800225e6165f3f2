using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Predicates;

/// <summary>The predicate API over a real socket.</summary>
public abstract class SubscriptionsTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string NotFound =
        """{"errors":[{"status":"Not Found","code":"generic-http-error","title":"Not Found","detail":"Subscription with given """
        + """parameters not found","source":[]}]}""";

    [Theory]
    [Trait("Ref", "IG-1")]
    [InlineData("/subscriptions", null)]
    [InlineData("/subscriptions/", "31536000")]
    public async Task Subscribe_OfALocalCaller_IsDoneAtOnce(string path, string? lease)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);

        var answer = await client.SubscribeAsync("UN.CEFACT.*", subscriber.Callback(), lease: lease, path: path);
        var message = await client.PostAsync("un.cefact.trade.co");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal((HttpStatusCode.Accepted, ""), answer);
        Assert.Empty(subscriber.Verifications);
        Assert.Equal("application/json", delivery.ContentType);
        var link = LinkHeader.Parse(delivery.Headers["Link"]);
        Assert.Equal($"{hub.Origin}/subscriptions", link.Single(l => l.Has("hub")).Target);
        Assert.Equal($"{hub.Origin}/messages/{message["reference"]}", link.Single(l => l.Has("self")).Target);
        Assert.NotNull(delivery.DeliveryId);
        message.Remove("reference");
        message.Remove("status");
        PredicateJson.AssertSame(message.ToJsonString(), delivery.Text);
    }

    [Fact]
    [Trait("Ref", "IG-14")]
    [Trait("Req", "H19")]
    public async Task Subscribe_OfSomebodyElse_IsVerifiedWithTheTopicAsGiven_AndSigned()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var verified = hub.ChangedAsync(WebSubHubChangeKind.Subscribed, subscriber.Callback());

        var answer = await new PredicateClient(hub) { IsRemote = true }.SubscribeAsync(
            "un.Cefact.",
            subscriber.Callback(),
            secret: "geheim",
            lease: "7200"
        );
        await verified;
        await new PredicateClient(hub).PostAsync("UN.CEFACT.TRADE.CO");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var verification = Assert.Single(subscriber.Verifications);
        Assert.Equal((HubModes.Subscribe, "un.Cefact.", "7200"), (verification.Mode, verification.Topic, verification.LeaseSeconds));
        Assert.Equal(SignatureVerdict.Valid, delivery.Verify("geheim"));
    }

    [Fact]
    [Trait("Ref", "IG-14")]
    public async Task Subscribe_ThatTheCallbackDoesNotConfirm_IsNotDone()
    {
        await using var hub = await StartHubAsync(o => o.Predicates.VerifyIntent = PredicateVerification.Always);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnVerification = _ => Task.FromResult<int?>(404);
        var refused = hub.ChangedAsync(WebSubHubChangeKind.NotConfirmed, subscriber.Callback());
        var client = new PredicateClient(hub);

        var answer = await client.SubscribeAsync("aa.bb", subscriber.Callback());
        await refused;

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.UnsubscribeAsync("aa.bb", subscriber.Callback())).Status);
    }

    [Fact]
    public async Task Subscribe_WhereNobodyIsAsked_IsDoneAtOnceForAnybody()
    {
        await using var hub = await StartHubAsync(o => o.Predicates.VerifyIntent = PredicateVerification.Never);
        await using var subscriber = await FakeSubscriber.StartAsync();

        await new PredicateClient(hub) { IsRemote = true }.SubscribeAsync("aa", subscriber.Callback());
        await new PredicateClient(hub).PostAsync("aa.bb");
        await hub.NextDeliveryAsync(subscriber);

        Assert.Empty(subscriber.Verifications);
    }

    [Fact]
    [Trait("Ref", "IG-6")]
    public async Task Subscribe_Again_Renews()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("songs.old", subscriber.Callback(), secret: "first", lease: "3600");

        var again = await client.SubscribeAsync("Songs.Old.*", subscriber.Callback(), secret: "second", lease: "7200");
        await client.PostAsync("songs.old.track");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.Equal(SignatureVerdict.Valid, delivery.Verify("second"));
        var listed = Assert.Single((await ListAsync(client, subscriber.Callback())).Subscriptions);
        Assert.Equal(("Songs.Old.*", 7200), ((string?)listed["topic"], (int?)listed["lease_seconds"]));
    }

    [Fact]
    [Trait("Ref", "IG-5")]
    [Trait("Ref", "IG-6")]
    public async Task Subscribe_AgainUnderConflict_IsRefused()
    {
        await using var hub = await StartHubAsync(o => o.Predicates.Duplicate = DuplicateSubscription.Conflict);
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("songs.old", "http://127.0.0.1:9/");

        var (status, body) = await client.SubscribeAsync("SONGS.OLD.*", "http://127.0.0.1:9/");
        var other = await client.SubscribeAsync("songs", "http://127.0.0.1:9/");

        Assert.Equal(HttpStatusCode.Conflict, status);
        PredicateJson.AssertSame(
            """{"errors":[{"status":"Conflict","code":"generic-http-error","title":"Conflict","detail":"Subscription with given """
                + """parameters exists","source":[]}]}""",
            body
        );
        Assert.Equal(HttpStatusCode.Accepted, other.Status);
    }

    [Fact]
    [Trait("Ref", "IG-2")]
    public async Task Unsubscribe_EndsExactlyThatTopic()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("songs.old.track.created", subscriber.Callback());
        await client.SubscribeAsync("songs.new", subscriber.Callback());

        var answer = await client.UnsubscribeAsync("Songs.Old.Track.Created", subscriber.Callback());
        await client.PostAsync("songs.old.track.created");
        await client.PostAsync("songs.new.track");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal((HttpStatusCode.Accepted, ""), answer);
        Assert.Contains("songs.new.track", delivery.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Ref", "IG-2")]
    public async Task Unsubscribe_OfWhatWasNotSubscribed_IsNotFound_AlsoBelowAParent()
    {
        await using var hub = await StartHubAsync();
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("songs.*", "http://127.0.0.1:9/");

        var child = await client.UnsubscribeAsync("songs.old", "http://127.0.0.1:9/");
        var otherCallback = await client.UnsubscribeAsync("songs.*", "http://127.0.0.1:9/other");
        var own = await client.UnsubscribeAsync("songs", "http://127.0.0.1:9/");

        Assert.Equal(HttpStatusCode.NotFound, child.Status);
        PredicateJson.AssertSame(NotFound, child.Body);
        Assert.Equal(HttpStatusCode.NotFound, otherCallback.Status);
        Assert.Equal(HttpStatusCode.Accepted, own.Status);
    }

    [Fact]
    public async Task Unsubscribe_OfWhatStillWaitsForItsVerification_TakesItBack()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        subscriber.OnVerification = async _ =>
        {
            asked.TrySetResult();
            await goOn.Task;
            return null;
        };
        await new PredicateClient(hub) { IsRemote = true }.SubscribeAsync("aa", subscriber.Callback());
        await asked.Task.WaitAsync(HubHost.Deadline, TestContext.Current.CancellationToken);

        var local = new PredicateClient(hub);
        var first = await local.UnsubscribeAsync("aa", subscriber.Callback());
        var second = await local.UnsubscribeAsync("aa", subscriber.Callback());
        goOn.SetResult();

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.NotFound), (first.Status, second.Status));
    }

    [Fact]
    [Trait("Ref", "IG-8")]
    [Trait("Req", "H21")]
    public async Task Lease_ThatHasEnded_IsASubscriptionNoMore()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => o.Predicates.Duplicate = DuplicateSubscription.Conflict,
            time
        );
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("aa", "http://127.0.0.1:9/", lease: "3600");

        time.Advance(TimeSpan.FromSeconds(3601));
        var unsubscribed = await client.UnsubscribeAsync("aa", "http://127.0.0.1:9/");
        var subscribed = await client.SubscribeAsync("aa", "http://127.0.0.1:9/");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Accepted), (unsubscribed.Status, subscribed.Status));
    }

    [Theory]
    [Trait("Ref", "IG-3")]
    [Trait("Ref", "IG-5")]
    [InlineData("application/json", "{}")]
    [InlineData("multipart/form-data", "--x--")]
    [InlineData("", "hub.mode=subscribe")]
    public async Task Subscribe_WithAnotherMediaType_Is415(string type, string body)
    {
        await using var hub = await StartHubAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (type.Length > 0)
            content.Headers.ContentType = new(type);

        using var response = await new PredicateClient(hub).ExchangeAsync(HttpMethod.Post, "/subscriptions", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        PredicateJson.AssertSame(
            """{"errors":[{"status":"Unsupported Media Type","code":"generic-http-error","title":"Unsupported Media """
                + $$$"""Type","detail":"Unsupported mimetype. Value: \"{{{type}}}\". Value must be one of """
                + $$$"""['application/x-www-form-urlencoded'].","source":{"value":"{{{type}}}","""
                + "\"include\":[\"application/x-www-form-urlencoded\"],\"exclude\":[]}}]}",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [Trait("Ref", "IG-4")]
    [InlineData("UN.CEFACT.TRADE.CO", 202)]
    [InlineData("UN.CEFACT.TRADE", 202)]
    [InlineData("UN.*", 202)]
    [InlineData("*", 202)]
    [InlineData("message.status.change.AU:7.", 202)]
    [InlineData("xx.yy*", 400)]
    [InlineData("xx..aa", 400)]
    [InlineData("https://example.com/feed", 400)]
    [InlineData("a\0b", 400)]
    public async Task Subscribe_ToATopic_IsTakenOrRefused_NeverA500(string topic, int status)
    {
        await using var hub = await StartHubAsync();

        var answer = await new PredicateClient(hub).SubscribeAsync(topic, "http://127.0.0.1:9/");

        Assert.Equal(status, (int)answer.Status);
    }

    [Theory]
    [InlineData("PUT", "/subscriptions", 405, "Method Not Allowed")]
    [InlineData("DELETE", "/subscriptions/", 405, "Method Not Allowed")]
    [InlineData("GET", "/messages", 405, "Method Not Allowed")]
    [InlineData("DELETE", "/messages/0123456789abcdef0123456789abcdef", 405, "Method Not Allowed")]
    [InlineData("GET", "/subscriptions/a/b", 404, "Not Found")]
    [InlineData("POST", "/messages/a/b", 404, "Not Found")]
    [InlineData("GET", "/messages/0123456789abcdef0123456789abcdef", 404, "Message Not Found Error")]
    [InlineData("GET", "/messages/%C3%A4", 404, "Message Not Found Error")]
    public async Task OtherMethodsAndPaths_AreAnsweredInTheSameForm(string method, string path, int status, string title)
    {
        await using var hub = await StartHubAsync();

        var answer = await new PredicateClient(hub).SendAsync(new(method), path, null);

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(title, (string?)JsonNode.Parse(answer.Body)!["errors"]![0]!["title"]);
    }

    [Fact]
    [Trait("Ref", "IG-5")]
    public async Task Storage_ThatRefuses_Is500WithoutInternals()
    {
        await using var hub = await StartHubAsync();
        await hub
            .Services.GetRequiredService<HubDatabase>()
            .Db.WriteAsync(s => s.ExecuteAsync("drop table {patterns}"), TestContext.Current.CancellationToken);

        var (status, body) = await new PredicateClient(hub).SubscribeAsync("aa", "http://127.0.0.1:9/");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        PredicateJson.AssertSame(
            """{"errors":[{"status":"Internal Server Error","code":"internal-server-error","title":"Internal Server """
                + """Error","detail":"Unable to post data to repository","source":[]}]}""",
            body
        );
    }

    [Fact]
    [Trait("Ref", "IG-5")]
    public async Task WhatNobodyExpected_Is500WithoutInternals()
    {
        await using var hub = await StartHubAsync();
        await hub
            .Services.GetRequiredService<HubDatabase>()
            .Db.WriteAsync(s => s.ExecuteAsync("drop table {messages}"), TestContext.Current.CancellationToken);

        var (status, body) = await new PredicateClient(hub).GetAsync("/messages/0123456789abcdef0123456789abcdef");

        Assert.Equal(HttpStatusCode.InternalServerError, status);
        PredicateJson.AssertSame(
            """{"errors":[{"status":"Internal Server Error","code":"internal-server-error","title":"Internal Server """
                + """Error","detail":"Unexpected server error occured.","source":[]}]}""",
            body
        );
    }

    [Fact]
    public async Task List_IsPagedAndInOrder()
    {
        await using var hub = await StartHubAsync(o => o.ApiKeys["operator"] = "key");
        var client = new PredicateClient(hub);
        string[] topics = ["*", "aa", "bb.cc", "dd", "ee.*"];
        foreach (var topic in topics.Reverse())
            await client.SubscribeAsync(topic, "http://127.0.0.1:9/?x=1&y", secret: topic == "dd" ? "s" : null);
        await client.SubscribeAsync("aa", "http://127.0.0.1:9/other");

        var stranger = await new PredicateClient(hub) { IsRemote = true }.GetAsync("/subscriptions?callback=x");
        var listed = new List<JsonNode>();
        var pages = 0;
        var with = new PredicateClient(hub) { IsRemote = true, Key = "key" };
        for (var path = $"/subscriptions?limit=2&callback={Uri.EscapeDataString("http://127.0.0.1:9/?x=1&y")}"; path is not null; pages++)
        {
            var page = JsonNode.Parse((await with.GetAsync(path)).Body)!;
            listed.AddRange(page["subscriptions"]!.AsArray()!);
            path = (string?)page["next"];
        }

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.Status);
        Assert.Equal(3, pages);
        Assert.Equal(topics, listed.Select(l => (string?)l["topic"]));
        Assert.Equal([false, false, false, true, false], listed.Select(l => (bool)l["signed"]!));
        Assert.All(
            listed,
            l =>
                Assert.InRange(
                    (DateTimeOffset)l["expires_at"]!,
                    TimeProvider.System.GetUtcNow().AddDays(4),
                    TimeProvider.System.GetUtcNow().AddDays(6)
                )
        );
    }

    [Theory]
    [InlineData("/subscriptions", "missing-attributes-error")]
    [InlineData("/subscriptions?callback=x&limit=0", "generic-http-error")]
    [InlineData("/subscriptions?callback=x&limit=many", "generic-http-error")]
    public async Task List_AskedWrongly_Is400(string path, string code)
    {
        await using var hub = await StartHubAsync();

        var (status, body) = await new PredicateClient(hub).GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(code, (string?)JsonNode.Parse(body)!["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task Policy_RefusesTopicsAndCallbacksThatDoNotFit()
    {
        await using var hub = await StartHubAsync(o =>
        {
            o.Subscribing.Topics = ["UN.*"];
            o.Subscribing.Callbacks = ["http://127.0.0.1:*"];
        });
        var client = new PredicateClient(hub);

        var fitting = await client.SubscribeAsync("UN.CEFACT", "http://127.0.0.1:9/");
        var topic = await client.SubscribeAsync("songs", "http://127.0.0.1:9/");
        var callback = await client.SubscribeAsync("UN.CEFACT", "http://localhost:9/");

        Assert.Equal(
            (HttpStatusCode.Accepted, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden),
            (fitting.Status, topic.Status, callback.Status)
        );
    }

    [Fact]
    public async Task Validator_DecidesAboutPredicatesToo()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, services: s => s.AddSingleton<IWebSubValidator, OnlySongs>());
        var client = new PredicateClient(hub);

        var refused = await client.SubscribeAsync("UN.CEFACT", "http://127.0.0.1:9/");
        var taken = await client.SubscribeAsync("songs.new", "http://127.0.0.1:9/");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Accepted), (refused.Status, taken.Status));
        Assert.Contains("Songs only.", refused.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://hub.example/base/trade/hub")]
    [InlineData("https://hub.example/elsewhere/push")]
    public async Task MappedInAGroup_NamesItsOwnAddresses(string? publicUrl)
    {
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => (o.PublicUrl, o.LocalCallers) = (publicUrl is null ? null : new(publicUrl), LocalCallers.Always),
            group: "/trade"
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        var client = new PredicateClient(hub);
        var known = publicUrl is null ? hub.Origin : publicUrl[..publicUrl.LastIndexOf('/')];

        await client.SubscribeAsync("UN.CEFACT", subscriber.Callback());
        var message = await client.PostAsync("un.cefact.trade");
        var predicate = await hub.NextDeliveryAsync(subscriber);
        await hub.SubscribeAsync("https://publisher.example/", subscriber.Callback("plain"));
        await hub.PublishAsync("https://publisher.example/", "news");
        var plain = await hub.NextDeliveryAsync(subscriber);

        var link = LinkHeader.Parse(predicate.Headers["Link"]);
        Assert.Equal(
            ($"{known}/subscriptions", $"{known}/messages/{message["reference"]}"),
            (link.Single(l => l.Has("hub")).Target, link.Single(l => l.Has("self")).Target)
        );
        Assert.Equal(publicUrl ?? $"{hub.Origin}/hub", LinkHeader.Parse(plain.Headers["Link"]).Single(l => l.Has("hub")).Target);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/messages/{message["reference"]}")).Status);
    }

    [Fact]
    public async Task Subscribe_ToMoreThanACallbackMayHave_IsRefused_OrDeniedWhenItComesTooLate()
    {
        await using var hub = await StartHubAsync(o => o.Predicates.MaxPerCallback = 2);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var (local, remote) = (new PredicateClient(hub), new PredicateClient(hub) { IsRemote = true });
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource<int?>());
        subscriber.OnVerification = v =>
        {
            asked.TrySetResult();
            return answer.Task;
        };

        await local.SubscribeAsync("aa", subscriber.Callback());
        var late = await remote.SubscribeAsync("late", subscriber.Callback());
        await asked.Task.WaitAsync(HubHost.Deadline);
        await local.SubscribeAsync("bb", subscriber.Callback());
        var more = await local.SubscribeAsync("cc", subscriber.Callback());
        var again = await local.SubscribeAsync("aa", subscriber.Callback());
        var other = await local.SubscribeAsync("cc", subscriber.Callback("other"));
        answer.SetResult(null);
        await subscriber.NextVerificationAsync();
        var denied = await subscriber.NextVerificationAsync();

        Assert.Equal(
            (HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted),
            (late.Status, again.Status, other.Status)
        );
        Assert.Equal(HttpStatusCode.Forbidden, more.Status);
        PredicateJson.AssertSame(
            """{"errors":[{"status":"Forbidden","code":"generic-http-error","title":"Forbidden","detail":"The callback has 2 """
                + """subscriptions; no more are allowed.","source":[]}]}""",
            more.Body
        );
        Assert.Equal(
            (HubModes.Denied, "late", "The callback has 2 subscriptions; no more are allowed."),
            (denied.Mode, denied.Topic, denied.Reason)
        );
    }

    [Fact]
    [Trait("Ref", "IG-5")]
    public async Task Subscribe_ManyAtOnceUnderConflict_IsTakenOnce()
    {
        await using var hub = await StartHubAsync(o => o.Predicates.Duplicate = DuplicateSubscription.Conflict);
        var client = new PredicateClient(hub);
        await client.SubscribeAsync("first", "http://127.0.0.1:9/");

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.SubscribeAsync("songs.old", "http://127.0.0.1:9/")));

        Assert.Equal(
            [.. Enumerable.Repeat(HttpStatusCode.Accepted, 1), .. Enumerable.Repeat(HttpStatusCode.Conflict, 15)],
            answers.Select(a => a.Status).Order()
        );
    }

    private static async Task<(IReadOnlyList<JsonNode> Subscriptions, string? Next)> ListAsync(PredicateClient client, string callback)
    {
        var (status, body) = await client.GetAsync($"/subscriptions?callback={Uri.EscapeDataString(callback)}");
        Assert.Equal(HttpStatusCode.OK, status);
        var page = JsonNode.Parse(body)!;
        return ([.. page["subscriptions"]!.AsArray()!], (string?)page["next"]);
    }

    private sealed class OnlySongs : IWebSubValidator
    {
        public ValueTask<WebSubValidation> ValidateAsync(WebSubValidationRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult(
                request.Topic.StartsWith("songs", StringComparison.Ordinal)
                    ? WebSubValidation.Accept
                    : WebSubValidation.Refuse("Songs only.")
            );
    }

    public sealed class OnSqlite() : SubscriptionsTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : SubscriptionsTests(server);
}
