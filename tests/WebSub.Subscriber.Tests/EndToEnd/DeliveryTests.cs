using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Subscriber.Subscriptions;
using WebSub.Testing;
using WebSub.TestSupport;
using WebSub.Values;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class DeliveryTests
{
    [Theory]
    [InlineData("Link: <https://e.example/f\u00f6hn>; rel=\"self\"")]
    [InlineData("X-Title: Gr\u00fc\u00dfe")]
    [InlineData("X-Title: Gr\u00c3\u00bc\u00c3\u009fe")]
    public async Task Delivery_BytesOutsideAsciiInAHeader_DoNotCostIt(string header)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);
        var callback = new Uri(request.Callback);
        var signature = HubSignature.Compute(SignatureMethod.Sha256, Secret.Parse(request.Secret!).Bytes, "hello"u8);
        using var client = new TcpClient();
        await client.ConnectAsync(callback.Host, callback.Port);
        await using var stream = client.GetStream();

        await stream.WriteAsync(
            Encoding.Latin1.GetBytes(
                $"POST {callback.AbsolutePath} HTTP/1.1\r\nHost: {callback.Authority}\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
                    + $"X-Hub-Signature: {signature}\r\n{header}\r\nConnection: close\r\n\r\nhello"
            )
        );
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Equal("hello", (await app.NextNotificationAsync()).Text);
    }

    [Fact]
    [Trait("Ref", "WS-8")]
    [Trait("Ref", "AS-10")]
    public async Task Delivery_OfJson_Is200AndHandledOnce()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, request) = await app.SubscribeAsync(hub);

        var answer = await hub.DeliverAsync(
            request,
            new()
            {
                Body = Encoding.UTF8.GetBytes("""{"title":"Grüße"}"""),
                ContentType = "application/json;charset=UTF-8",
                DeliveryId = "t/1",
                Headers = [new("X-Custom", "one"), new("X-Custom", "two")],
            }
        );
        var notification = await app.NextNotificationAsync();

        Assert.Equal((200, ""), (answer.Status, answer.Body));
        Assert.Equal("""{"title":"Grüße"}""", notification.Text);
        Assert.Equal(
            ("application/json;charset=UTF-8", "t/1", "https://news.example/feed"),
            (notification.ContentType, notification.DeliveryId, notification.Topic)
        );
        Assert.Equal(["one", "two"], notification.Headers["x-custom"].ToString().Split(',', StringSplitOptions.TrimEntries));
        Assert.Equal(subscription.Id, notification.Subscription.Id);
        Assert.Equal([hub.Url, "https://news.example/feed"], notification.Links.Select(l => l.Target));
        Assert.False(app.HasNotification);
    }

    [Theory]
    [InlineData("application/atom+xml")]
    [InlineData("multipart/form-data")]
    [InlineData("nonsense; ;;")]
    [InlineData(null)]
    public async Task Delivery_OfAnyType_IsTakenByteForByte(string? contentType)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);
        byte[] body = [0xEF, 0xBB, 0xBF, 0, 255, 13, 10, 200];

        var answer = await hub.DeliverAsync(
            request,
            new()
            {
                Body = body,
                ContentType = contentType,
                Chunked = true,
            }
        );
        var notification = await app.NextNotificationAsync();

        Assert.Equal(200, answer.Status);
        Assert.Equal(body, notification.Body.ToArray());
        Assert.Equal(contentType, notification.ContentType);
    }

    [Fact]
    public async Task Delivery_Empty_IsTaken()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);

        var answer = await hub.DeliverAsync(request, "");

        Assert.Equal(200, answer.Status);
        Assert.Equal(0, (await app.NextNotificationAsync()).Body.Length);
    }

    [Theory]
    [Trait("Ref", "AS-11")]
    [Trait("Ref", "BS-10")]
    [InlineData(SignatureMethod.Sha1)]
    [InlineData(SignatureMethod.Sha256)]
    [InlineData(SignatureMethod.Sha384)]
    [InlineData(SignatureMethod.Sha512)]
    public async Task Delivery_SignedWithAnyMethod_IsHandled(SignatureMethod method)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, request) = await app.SubscribeAsync(hub);

        var answer = await hub.DeliverAsync(request, (FakeDelivery)"news" with { Method = method });

        Assert.True(subscription.IsSigned);
        Assert.Equal(200, answer.Status);
        Assert.Equal("news", (await app.NextNotificationAsync()).Text);
    }

    [Theory]
    [Trait("Ref", "BS-8")]
    [InlineData("application/json", """{"a":"ü"}""")]
    [InlineData("application/xml", "<a>ü</a>")]
    [InlineData("application/x-www-form-urlencoded", "a=%C3%BC&b=+")]
    public async Task Delivery_SignedOfAnyType_IsHandled(string type, string body)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);

        var answer = await hub.DeliverAsync(request, (FakeDelivery)body with { ContentType = type });
        var notification = await app.NextNotificationAsync();

        Assert.Equal((200, type, body), (answer.Status, notification.ContentType, notification.Text));
    }

    [Fact]
    [Trait("Ref", "BS-11")]
    public async Task Delivery_Headers_AreFoundInAnyCaseWithAllTheirValuesOrAreAbsent()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);

        await hub.DeliverAsync(
            request,
            (FakeDelivery)"news" with
            {
                Headers = [new("X-Thing", "1"), new("X-Thing", "2"), new("x-empty", "")],
            }
        );
        var headers = (await app.NextNotificationAsync()).Headers;

        Assert.Equal(headers["X-Thing"], headers["x-THING"]);
        Assert.Equal(["1", "2"], headers["x-thing"].SelectMany(v => v!.Split(", ")));
        Assert.True(headers.ContainsKey("X-Empty"));
        Assert.False(headers.TryGetValue("X-Absent", out _));
    }

    [Theory]
    [Trait("Ref", "AS-12")]
    [Trait("Ref", "BS-10")]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("sha256=zz")]
    [InlineData("xyz=00")]
    [InlineData("sha256")]
    public async Task Delivery_BadSignature_Is403AndNotHandled(string signature)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);

        var answer = await hub.DeliverAsync(request, (FakeDelivery)"forged" with { Signature = signature });
        var change = await app.NextAsync(WebSubChangeKind.DeliveryRejected);
        await hub.DeliverAsync(request, "genuine");

        Assert.Equal(403, answer.Status);
        Assert.Contains("wrong", change.Reason, StringComparison.Ordinal);
        Assert.Equal("genuine", (await app.NextNotificationAsync()).Text);
    }

    [Theory]
    [Trait("Ref", "AS-13")]
    [Trait("Ref", "BS-9")]
    [InlineData(null)]
    [InlineData("")]
    public async Task Delivery_MissingSignature_Is403AndNotHandled(string? signature)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);

        var answer = await hub.DeliverAsync(request, (FakeDelivery)"unsigned" with { Secret = "", Signature = signature });
        await hub.DeliverAsync(request, "genuine");

        Assert.Equal(403, answer.Status);
        Assert.Equal("genuine", (await app.NextNotificationAsync()).Text);
    }

    [Fact]
    [Trait("Req", "C5")]
    public async Task Delivery_BadSignatureStatus200_IsDroppedSilently()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(settings: [("WebSub:Subscriber:BadSignatureStatus", "200")]);
        var (_, request) = await app.SubscribeAsync(hub);

        var answer = await hub.DeliverAsync(request, (FakeDelivery)"forged" with { Secret = "another" });
        await hub.DeliverAsync(request, "genuine");

        Assert.Equal(200, answer.Status);
        Assert.Equal("genuine", (await app.NextNotificationAsync()).Text);
    }

    [Fact]
    [Trait("Req", "C10")]
    public async Task Delivery_SignedAlthoughNobodyAsked_IsHandled()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (subscription, request) = await app.SubscribeAsync(hub, options: new() { Signature = WebSubSignaturePolicy.Never });

        var answer = await hub.DeliverAsync(request, (FakeDelivery)"news" with { Signature = "sha1=00" });

        Assert.False(subscription.IsSigned);
        Assert.Equal(200, answer.Status);
        Assert.Equal("news", (await app.NextNotificationAsync()).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delivery_TooLarge_Is413(bool chunked)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(settings: [("WebSub:Subscriber:MaxBodyBytes", "1000")]);
        var (_, request) = await app.SubscribeAsync(hub);

        var fits = await hub.DeliverAsync(request, new() { Body = new byte[1000], Chunked = chunked });
        var answer = await hub.DeliverAsync(request, new() { Body = new byte[1001], Chunked = chunked });

        Assert.Equal((200, 413), (fits.Status, answer.Status));
        Assert.Equal(1000, (await app.NextNotificationAsync()).Body.Length);
        Assert.False(app.HasNotification);
    }

    [Fact]
    public async Task Deliveries_ThatDrip_AreAnswered503_AndLeaveRoomToOtherSubscriptions()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            settings: [("WebSub:Subscriber:MaxBodyBytes", "100000"), ("WebSub:Subscriber:MaxBytesInFlight", "800000")]
        );
        var (_, drips) = await app.SubscribeAsync(hub);
        var (_, healthy) = await app.SubscribeAsync(hub, "https://other.example/feed");

        var dripping = Enumerable.Range(0, 8).Select(_ => DripAsync(new(drips.Callback))).ToList();
        var all = Task.WhenAll(dripping);
        for (var i = 0; !all.IsCompleted; i++)
        {
            var answer = await hub.DeliverAsync(
                healthy,
                new() { Body = [.. new byte[90_000], .. BitConverter.GetBytes(i)], Chunked = true }
            );
            Assert.Equal(200, answer.Status);
            clock.Advance(TimeSpan.FromSeconds(61));
        }

        Assert.All(await all, a => Assert.StartsWith("HTTP/1.1 503 ", a, StringComparison.Ordinal));
        Assert.All(await all, a => Assert.Contains("\r\nRetry-After: 5\r\n", a, StringComparison.Ordinal));
    }

    /// <summary>Begins a delivery and does not go on; the answer all the same.</summary>
    private static async Task<string> DripAsync(Uri callback)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(callback.Host, callback.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var start = $"POST {callback.PathAndQuery} HTTP/1.1\r\nHost: {callback.Authority}\r\nContent-Length: 90000\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(start + new string('x', 50_000)), TestContext.Current.CancellationToken);
        var answer = new byte[2048];
        var length = await stream.ReadAtLeastAsync(answer, 200, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(answer, 0, length);
    }

    [Fact]
    public async Task Delivery_Repeated_IsAnswered200AndHandledOnce()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub);
        var one = (FakeDelivery)"one" with { DeliveryId = "t/1" };

        Assert.Equal(200, (await hub.DeliverAsync(request, one)).Status);
        Assert.Equal(200, (await hub.DeliverAsync(request, one)).Status);
        Assert.Equal(200, (await hub.DeliverAsync(request, one with { Headers = [new(HubHeaders.DeliveryReplay, "1")] })).Status);
        Assert.Equal(200, (await hub.DeliverAsync(request, (FakeDelivery)"two" with { DeliveryId = "t/2" })).Status);

        Assert.Equal("one", (await app.NextNotificationAsync()).Text);
        Assert.Equal("one", (await app.NextNotificationAsync()).Text);
        Assert.Equal("two", (await app.NextNotificationAsync()).Text);
    }

    [Theory]
    [Trait("Req", "S32")]
    [InlineData("GET", "", 400)]
    [InlineData("GET", "?hub.mode=subscribe&hub.topic=%3Cb%3E&hub.challenge=%3Cb%3E", 404)]
    [InlineData("GET", "?hub.mode=%3Cb%3E&hub.topic=t&hub.challenge=c", 400)]
    [InlineData("POST", "", 403)]
    [InlineData("POST", "?large", 413)]
    public async Task Answer_WhateverItIs_IsNoPage(string method, string query, int status)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(settings: ("WebSub:Subscriber:MaxBodyBytes", "1024"));
        var (_, request) = await app.SubscribeAsync(hub);
        using var http = OutboundHttp.CreateClient(new OutboundOptions { AllowPrivateNetworks = true });
        using var message = new HttpRequestMessage(new(method), request.Callback + query);
        if (method == "POST")
            message.Content = new ByteArrayContent(new byte[query.Length > 0 ? 2048 : 1]);

        using var answer = await http.SendAsync(message);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public async Task Delivery_IdThatIsNone_MakesNoRepeats(int length)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (_, request) = await app.SubscribeAsync(hub, options: new() { Signature = WebSubSignaturePolicy.Never });
        var one = (FakeDelivery)"one" with { DeliveryId = new('x', length), Headers = [new(HubHeaders.DeliveryReplay, new('1', 300))] };

        for (var i = 0; i < 2; i++)
            Assert.Equal(200, (await hub.DeliverAsync(request, one)).Status);

        Assert.Null((await app.NextNotificationAsync()).DeliveryId);
        Assert.Null((await app.NextNotificationAsync()).DeliveryId);
    }

    [Fact]
    [Trait("Req", "S26")]
    [Trait("Req", "S29")]
    public async Task Delivery_HeadersNameAnotherTopicAndHub_ChangeNothing()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var (one, request) = await app.SubscribeAsync(hub, "https://news.example/one");
        await app.SubscribeAsync(hub, "https://news.example/two");

        // A signature covers the body only: whoever repeats a delivery may write what he likes into its headers.
        var answer = await hub.DeliverAsync(
            request,
            (FakeDelivery)"news" with
            {
                Headers =
                [
                    new("Link", "<https://news.example/two>; rel=self, <https://evil.example/>; rel=hub"),
                    new("X-PubSubHubbub-Topic", "https://news.example/two"),
                    new("X-PubSubHubbub-Callback", "https://evil.example/"),
                ],
            }
        );
        var notification = await app.NextNotificationAsync();

        Assert.Equal(200, answer.Status);
        Assert.Equal((one.Id, one.Topic, hub.Url), (notification.Subscription.Id, notification.Topic, notification.Subscription.Hub));
        Assert.Equal(hub.Url, (await app.GetAsync(one.Id)).Hub);
    }

    [Fact]
    public async Task Handler_Throws_IsTriedAgainInOrderAndThenParked()
    {
        var clock = new FakeTimeProvider();
        var attempts = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            clock,
            news: (notification, _) =>
            {
                attempts.Writer.TryWrite($"{notification.Text}{notification.Attempt}");
                return notification.Text == "bad" ? throw new InvalidOperationException("I cannot.") : Task.CompletedTask;
            },
            settings: [("WebSub:Subscriber:Inbox:MaxAttempts", "2"), ("WebSub:Subscriber:Inbox:DelaySeconds", "30")]
        );
        var (_, request) = await app.SubscribeAsync(hub);

        await hub.DeliverAsync(request, "bad");
        await hub.DeliverAsync(request, "good");
        var first = await attempts.Reader.ReadAsync(TestContext.Current.CancellationToken);
        await clock.AdvanceUntilAsync(
            attempts.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask(),
            TimeSpan.FromSeconds(1)
        );

        var parked = await app.NextAsync(WebSubChangeKind.NotificationParked);
        Assert.Equal("bad1", first);
        Assert.Equal("bad2", await attempts.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal("good1", await attempts.Reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal("I cannot.", parked.Reason);
    }

    [Fact]
    public async Task Handlers_OfSeveralSubscriptions_RunAtTheSameTime()
    {
        var both = new CountdownEvent(2);
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(
            news: (_, cancel) =>
                Task.Run(
                    () =>
                    {
                        both.Signal();
                        Assert.True(both.Wait(TimeSpan.FromSeconds(20), cancel));
                    },
                    cancel
                )
        );
        var (_, one) = await app.SubscribeAsync(hub, "https://a.example/");
        var (_, two) = await app.SubscribeAsync(hub, "https://b.example/");

        await hub.DeliverAsync(one, "1");
        await hub.DeliverAsync(two, "2");

        Assert.NotNull(await app.NextNotificationAsync());
        Assert.NotNull(await app.NextNotificationAsync());
    }

    [Fact]
    public async Task Inbox_StoppedInTheMiddle_IsHandledAfterTheNextStart()
    {
        var database = TestFiles.NewDatabase();
        var entered = new TaskCompletionSource();
        await using var hub = await FakeHub.StartAsync();
        string url;
        await using (
            var app = await SubscriberApp.StartAsync(
                database: database,
                news: async (_, cancel) =>
                {
                    entered.TrySetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                }
            )
        )
        {
            url = app.Url;
            var (_, request) = await app.SubscribeAsync(hub);
            Assert.Equal(200, (await hub.DeliverAsync(request, "precious")).Status);
            await entered.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
            await app.StopAsync();
        }

        // At its old address, as far as hubs know: otherwise it would subscribe again.
        await using var again = await SubscriberApp.StartAsync(database: database, settings: ("WebSub:Subscriber:PublicUrl", url));
        var notification = await again.NextNotificationAsync();

        Assert.Equal(("precious", 1), (notification.Text, notification.Attempt));
        Assert.Single(hub.Requests);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(503)]
    [InlineData(410)]
    public async Task InlineHandler_Reply_DecidesTheStatus(int status)
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b =>
            b.AddHandler(
                "inline",
                (_, _) =>
                    ValueTask.FromResult(
                        status switch
                        {
                            200 => WebSubReply.Accept,
                            410 => WebSubReply.Gone,
                            _ => WebSubReply.Reject(status),
                        }
                    )
            )
        );
        var (subscription, request) = await app.SubscribeAsync(hub, handler: "inline");

        var answer = await hub.DeliverAsync(request, "x");

        Assert.Equal(status, answer.Status);
        if (status != 410)
            return;
        var unsubscribe = await hub.NextRequestAsync();
        Assert.Equal(("unsubscribe", request.Callback), (unsubscribe.Mode, unsubscribe.Callback));
        Assert.Equal(410, (await hub.DeliverAsync(request, "again")).Status);
        Assert.Equal(200, (await hub.VerifyAsync(unsubscribe)).Status);
        Assert.Equal(WebSubSubscriptionState.Unsubscribed, (await app.GetAsync(subscription.Id)).State);
    }

    [Fact]
    public async Task InlineHandler_Throws_Is200()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b => b.AddHandler<ThrowingInlineHandler>("inline"));
        var (_, request) = await app.SubscribeAsync(hub, handler: "inline");

        var answer = await hub.DeliverAsync(request, "x");

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task HandlerClass_IsMadeForEachNotificationWithItsServices()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b =>
        {
            b.Services.AddSingleton<Heard>().AddScoped<PerNotification>();
            b.AddHandler<ClassHandler>("class");
        });
        var (_, request) = await app.SubscribeAsync(hub, handler: "class");

        await hub.DeliverAsync(request, "1");
        await hub.DeliverAsync(request, "2");

        var heard = app.Services.GetRequiredService<Heard>().Channel.Reader;
        var (first, second) = (
            await heard.ReadAsync(TestContext.Current.CancellationToken),
            await heard.ReadAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(("1", "2"), (first.Text, second.Text));
        Assert.NotEqual(first.Scope, second.Scope);
    }

    private sealed class Heard
    {
        public System.Threading.Channels.Channel<(string Text, Guid Scope)> Channel { get; } =
            System.Threading.Channels.Channel.CreateUnbounded<(string, Guid)>();
    }

    private sealed class PerNotification
    {
        public Guid Id { get; } = Guid.NewGuid();
    }

    private sealed class ClassHandler(Heard heard, PerNotification scope) : IWebSubHandler
    {
        public Task HandleAsync(WebSubNotification notification, CancellationToken cancellationToken)
        {
            heard.Channel.Writer.TryWrite((notification.Text, scope.Id));
            return Task.CompletedTask;
        }
    }

    private sealed class ThrowingInlineHandler : IWebSubInlineHandler
    {
        public ValueTask<WebSubReply> HandleAsync(WebSubNotification notification, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("My fault.");
    }
}
