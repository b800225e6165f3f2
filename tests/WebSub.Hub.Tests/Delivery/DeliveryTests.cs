using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Hub.Publishing;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Delivery;

public abstract class DeliveryTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";

    [Fact]
    [Trait("Req", "H25")]
    [Trait("Req", "H27")]
    [Trait("Req", "H31")]
    public async Task Update_OfASubscribedTopic_ArrivesAsPublished()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("a?b=%7E"), secret: "s3cret");

        await hub.PublishAsync(Topic, "grüße", "text/plain;charset=UTF-8");
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal("/a?b=%7E", delivery.Target);
        Assert.Equal("grüße", delivery.Text);
        Assert.Equal("text/plain;charset=UTF-8", delivery.ContentType);
        Assert.Equal(SignatureVerdict.Valid, delivery.Verify("s3cret"));
        Assert.Equal($"<{Topic}>; rel=\"self\", <{hub.Url}>; rel=\"hub\"", delivery.Headers["Link"]);
        Assert.EndsWith("/1", delivery.DeliveryId, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "H25")]
    [Trait("Req", "C3")]
    [Trait("Ref", "AS-16")]
    [Trait("Ref", "AS-18")]
    [Trait("Ref", "BH-7")]
    [Trait("Ref", "BH-10")]
    [InlineData("text/plain", "text")]
    [InlineData("application/json;charset=UTF-8", "[1,2]")]
    [InlineData("application/xml; charset=utf-8", "\uFEFF<a/>")]
    [InlineData("application/octet-stream", "\0\u0001\u00ff")]
    [InlineData("application/x-www-form-urlencoded", "hub.mode=publish&a=%7e+b")]
    [InlineData("text/plain", "")]
    public async Task Content_OfAnyType_ArrivesByteForByte(string contentType, string content)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback(), secret: "s3cret");

        await hub.PublishAsync(Topic, content, contentType);
        var delivery = await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(Encoding.UTF8.GetBytes(content), delivery.Body);
        Assert.Equal(contentType, delivery.ContentType);
        Assert.Equal(
            $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8, Encoding.UTF8.GetBytes(content)))}",
            delivery.Headers[HubHeaders.Signature]
        );
    }

    [Fact]
    public async Task Updates_OfOneTopic_ArriveInOrderAtEverySubscriber()
    {
        const int Subscribers = 20;
        const int Updates = 40;
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Subscribers).Select(i => hub.SubscribeAsync(Topic, subscriber.Callback($"s{i}"))));

        for (var i = 1; i <= Updates; i++)
            await hub.PublishAsync(Topic, $"{i}");
        for (var i = 0; i < Subscribers * Updates; i++)
            await hub.NextDeliveryAsync(subscriber);

        foreach (var one in subscriber.Deliveries.GroupBy(d => d.Target))
        {
            Assert.Equal(Enumerable.Range(1, Updates).Select(i => $"{i}"), one.Select(d => d.Text));
        }
    }

    [Fact]
    [Trait("Req", "H29")]
    public async Task FailedDelivery_IsRetried_WithTheSameIdAndTheWholeBody()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(subscriber.Deliveries.Count <= 2 ? 500 : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        await hub.PublishAsync(Topic, "again and again");
        FakeReceivedDelivery[] tries =
        [
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
            await hub.NextDeliveryAsync(subscriber),
        ];
        await hub.PublishAsync(Topic, "next");
        var next = await hub.NextDeliveryAsync(subscriber);

        Assert.All(tries, t => Assert.Equal("again and again", t.Text));
        Assert.Single(tries.Select(t => t.DeliveryId).Distinct());
        Assert.Equal("next", next.Text);
    }

    [Theory]
    [Trait("Req", "H28")]
    [Trait("Req", "H30")]
    [InlineData(500)]
    [InlineData(302)]
    [InlineData(404)]
    public async Task DeliveryThatKeepsFailing_IsGivenUp_AndTheNextUpdateArrives(int status)
    {
        await using var hub = await StartHubAsync(o => o.Delivery.RetryDelays = [TimeSpan.Zero]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Text == "bad" ? status : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        await hub.PublishAsync(Topic, "bad");
        await hub.PublishAsync(Topic, "good");
        string[] texts =
        [
            (await hub.NextDeliveryAsync(subscriber)).Text,
            (await hub.NextDeliveryAsync(subscriber)).Text,
            (await hub.NextDeliveryAsync(subscriber)).Text,
        ];

        Assert.Equal(["bad", "bad", "good"], texts);
        Assert.DoesNotContain(subscriber.Deliveries, d => d.Target == "/elsewhere");
    }

    [Fact]
    [Trait("Req", "H28")]
    public async Task Callback_ThatAnswers410_GetsNothingMore()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Target == "/gone" ? 410 : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback("gone"));
        await hub.SubscribeAsync(Topic, subscriber.Callback("here"));

        for (var i = 0; i < 3; i++)
            await hub.PublishAsync(Topic, $"{i}");
        while (await hub.NextDeliveryAsync(subscriber) is not { Target: "/here", Text: "2" })
        {
            // Until the last one.
        }

        await hub.PublishAsync(Topic, "after");
        while (await hub.NextDeliveryAsync(subscriber) is not { Target: "/here", Text: "after" })
        {
            // Until the sentinel.
        }

        Assert.Single(subscriber.Deliveries, d => d.Target == "/gone");
    }

    [Fact]
    public async Task Callback_ThatAnswers410_IsKept_WhereTheHostWantsThat()
    {
        await using var hub = await StartHubAsync(o =>
        {
            o.Delivery.EndOnGone = false;
            o.Delivery.RetryDelays = [];
        });
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = d => Task.FromResult(d.Text == "0" ? 410 : 200);
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        for (var i = 0; i < 2; i++)
            await hub.PublishAsync(Topic, $"{i}");
        string[] texts = [(await hub.NextDeliveryAsync(subscriber)).Text, (await hub.NextDeliveryAsync(subscriber)).Text];

        Assert.Equal(["0", "1"], texts);
    }

    [Fact]
    [Trait("Req", "H28")]
    public async Task Answer_WhoseBodyNeverEnds_IsADelivery_AndIsNotReadOn()
    {
        await using var hub = await StartHubAsync(o => o.Delivery.Timeout = o.Delivery.Straggler = TimeSpan.FromMinutes(5));
        await using var peer = new EndlessPeer();
        await hub.SubscribeAsync(Topic, peer.Url);

        await hub.PublishAsync(Topic, "one");
        await hub.PublishAsync(Topic, "two");
        EndlessPeer.HangUp[] answers = [await peer.NextHangUpAsync(), await peer.NextHangUpAsync()];

        // Each connection notices by itself that it was hung up.
        Assert.Equal(["one", "two"], answers.Select(a => a.Asked).Order(StringComparer.Ordinal));
        Assert.All(answers, a => Assert.InRange(a.Taken, 1, EndlessPeer.Buffered));
    }

    [Fact]
    [Trait("Req", "H29")]
    public async Task Stop_WhileACallbackAnswers_DoesNotWaitForIt_AndRepeatsWithTheSameId_AlsoForItsLane()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        var held = new TaskCompletionSource<int>();
        subscriber.OnDelivery = d => d.Text == "zero" || (d.Target, d.Text) == ("/fast", "one") ? Task.FromResult(200) : held.Task;
        var stopped = await StartHubAsync(o => o.Delivery.Timeout = o.Delivery.Straggler = TimeSpan.FromMinutes(5));
        await stopped.SubscribeAsync(Topic, subscriber.Callback("slow"));
        await stopped.SubscribeAsync(Topic, subscriber.Callback("fast"));
        await stopped.PublishAsync(Topic, "zero");
        for (var i = 0; i < 2; i++)
            await stopped.NextDeliveryAsync(subscriber);
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        // Until both have joined their lane.
        while (
            await stopped.Db.ReadAsync(
                s => s.ScalarAsync<long>("select count(*) from {subscriptions}, {lanes} where due is not null or cursor < 1"),
                deadline.Token
            ) > 0
        )
            deadline.Token.ThrowIfCancellationRequested();
        foreach (var content in (string[])["one", "two"])
            await stopped.PublishAsync(Topic, content);
        for (var i = 0; i < 3; i++)
            await stopped.NextDeliveryAsync(subscriber);

        // Less than the host would give it.
        await stopped.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        held.SetResult(200);
        await using var hub = await StartHubAsync();
        await hub.PublishAsync(Topic, "three");
        for (var i = 0; i < 6; i++)
            await hub.NextDeliveryAsync(subscriber);

        // The lane's cursor, which is all that is stored of those who keep up, waits for whoever is being asked.
        Assert.Equal(
            ["zero", "one", "two", "one", "two", "three"],
            subscriber.Deliveries.Where(d => d.Target == "/fast").Select(d => d.Text)
        );
        Assert.Equal(["zero", "one", "one", "two", "three"], subscriber.Deliveries.Where(d => d.Target == "/slow").Select(d => d.Text));
        Assert.Equal(4, subscriber.Deliveries.Select(d => d.DeliveryId).Distinct().Count());
    }

    [Fact]
    [Trait("Req", "H18")]
    public async Task Revoked_Subscription_IsTold_AndGetsNothing()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("revoked"));
        await hub.SubscribeAsync(Topic, subscriber.Callback("stays"));
        await subscriber.NextVerificationAsync();
        await subscriber.NextVerificationAsync();
        var library = hub.Services.GetRequiredService<IWebSubHub>();

        bool[] revoked =
        [
            await library.RevokeAsync(Topic, subscriber.Callback("revoked"), "abuse"),
            await library.RevokeAsync(Topic, subscriber.Callback("unknown")),
        ];
        var told = await subscriber.NextVerificationAsync();
        await PublishTwiceAsync(hub, subscriber, "/stays");

        Assert.Equal([true, false], revoked);
        Assert.Equal((HubModes.Denied, Topic, "abuse"), (told.Mode, told.Topic, told.Reason));
        Assert.DoesNotContain(subscriber.Deliveries, d => d.Target == "/revoked");
    }

    [Fact]
    public async Task SlowCallback_ThatIsNoStraggler_DoesNotSetThePaceOfItsLane()
    {
        const int Updates = 60;
        await using var hub = await StartHubAsync(o =>
        {
            o.Delivery.Timeout = o.Delivery.Straggler = TimeSpan.FromMinutes(5);
            o.Delivery.BlockedFor = TimeSpan.FromMilliseconds(50);
        });
        await using var subscriber = await FakeSubscriber.StartAsync();
        var held = new TaskCompletionSource<int>();
        subscriber.OnDelivery = d => d is { Target: "/slow", Text: "1" } ? held.Task : Task.FromResult(200);
        await hub.SubscribeAsync(Topic, subscriber.Callback("slow"));
        await hub.SubscribeAsync(Topic, subscriber.Callback("fast"));

        for (var i = 1; i <= Updates; i++)
            await hub.PublishAsync(Topic, $"{i}");
        while (await hub.NextDeliveryAsync(subscriber) is not { Target: "/fast", Text: "60" })
        {
            // The slow one holds its answer all the while.
        }

        held.SetResult(200);
        while (await hub.NextDeliveryAsync(subscriber) is not { Target: "/slow", Text: "60" })
        {
            // Now it catches up.
        }

        Assert.All(
            subscriber.Deliveries.GroupBy(d => d.Target),
            g => Assert.Equal(Enumerable.Range(1, Updates).Select(i => $"{i}"), g.Select(d => d.Text))
        );
    }

    [Fact]
    public async Task RowThatCannotBeUsed_CostsItsNeighboursNothing()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using (var before = await StartHubAsync())
        {
            foreach (var name in new[] { "a", "broken", "z" })
                await before.SubscribeAsync(Topic, subscriber.Callback(name), secret: "s");
            await before.PublishAsync(Topic, "first");
            for (var i = 0; i < 3; i++)
                await before.NextDeliveryAsync(subscriber);
            // What was received is not yet what the hub knows of, and it would be sent again.
            await before.UntilAsync("select count(*) from {lanes} where cursor = 1");
            await before
                .Services.GetRequiredService<HubDatabase>()
                .Db.WriteAsync(
                    s =>
                        s.ExecuteAsync(
                            "update {subscriptions} set secret = @nonsense where callback like '%/broken'",
                            new { nonsense = new byte[40] }
                        ),
                    default
                );
        }

        await using var hub = await StartHubAsync();
        await hub.PublishAsync(Topic, "second");
        string[] second = [(await hub.NextDeliveryAsync(subscriber)).Target, (await hub.NextDeliveryAsync(subscriber)).Target];
        await hub.PublishAsync(Topic, "third");
        string[] third = [(await hub.NextDeliveryAsync(subscriber)).Target, (await hub.NextDeliveryAsync(subscriber)).Target];

        Assert.Equal(["/a", "/z"], second.Order());
        Assert.Equal(["/a", "/z"], third.Order());
    }

    [Fact]
    public async Task EntryThatNoSignalToldOf_IsFoundByAnIdleNode()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            o => o.Delivery.Timeout = o.Delivery.Straggler = TimeSpan.FromDays(1),
            clock
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub
            .Services.GetRequiredService<HubDatabase>()
            .Db.WriteAsync(
                async s =>
                    await TopicLog.AppendChangedAsync(
                        s,
                        new((await TopicStore.FindAsync(s, Topic))!.Value, "text/plain", "silent"u8.ToArray(), EntrySource.Push, new(1))
                    ),
                default
            );

        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        var delivery = subscriber.NextDeliveryAsync(deadline.Token);
        // Slowly enough that its lease does not end meanwhile, nor any claim before its work is done.
        await clock.AdvanceUntilAsync(delivery, TimeSpan.FromSeconds(1), moment: TimeSpan.FromMilliseconds(50));

        Assert.Equal("silent", (await delivery).Text);
    }

    [Fact]
    public async Task HangingCallbacks_DoNotDelayTheirNeighbours()
    {
        using var release = new CancellationTokenSource();
        await using var hub = await StartHubAsync(o =>
        {
            o.Delivery.Straggler = TimeSpan.FromMilliseconds(100);
            o.Delivery.MaxConcurrency = 4;
            o.Delivery.MaxPerOrigin = 4;
        });
        await using var hanging = await FakeSubscriber.StartAsync();
        await using var healthy = await FakeSubscriber.StartAsync();
        hanging.OnDelivery = async _ =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, release.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 200;
        };
        for (var i = 0; i < 10; i++)
            await hub.SubscribeAsync(Topic, hanging.Callback($"{i}"));
        for (var i = 0; i < 10; i++)
            await hub.SubscribeAsync(Topic, healthy.Callback($"{i}"));

        for (var update = 1; update <= 3; update++)
            await hub.PublishAsync(Topic, $"{update}");
        for (var i = 0; i < 30; i++)
            await healthy.NextDeliveryAsync();

        Assert.All(healthy.Deliveries.GroupBy(d => d.Target), g => Assert.Equal(["1", "2", "3"], g.Select(d => d.Text)));
        Assert.All(hanging.Deliveries.GroupBy(d => d.Target), g => Assert.Equal(["1"], g.Select(d => d.Text)));
        await release.CancelAsync();
        var rest = new ConcurrentDictionary<string, string>();
        while (rest.Values.Count(t => t == "3") < 10)
        {
            var delivery = await hanging.NextDeliveryAsync();
            rest[delivery.Target] = delivery.Text;
        }
    }

    [Fact]
    [Trait("Req", "H21")]
    public async Task Subscription_WhoseLeaseHasEnded_GetsNothing()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var hub = await HubHost.StartAsync(ConnectionString, o => o.Lease.MinSeconds = 1, clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("short"), lease: 10);
        await hub.SubscribeAsync(Topic, subscriber.Callback("long"), lease: 1000);
        // Else the first update may reach "long" outside its lane, and only the lane's next save, which waits 25 ms of a clock that stands,
        // would give it the second.
        await hub.UntilAsync(HubHost.AllSettled);

        clock.Advance(TimeSpan.FromSeconds(11));
        await PublishTwiceAsync(hub, subscriber, "/long");

        Assert.DoesNotContain(subscriber.Deliveries, d => d.Target == "/short");
    }

    [Fact]
    [Trait("Req", "H8")]
    public async Task Unsubscribed_Callback_GetsNothing()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("leaves"));
        await hub.SubscribeAsync(Topic, subscriber.Callback("stays"));
        await hub.UnsubscribeAsync(Topic, subscriber.Callback("leaves"));

        await PublishTwiceAsync(hub, subscriber, "/stays");

        Assert.DoesNotContain(subscriber.Deliveries, d => d.Target == "/leaves");
    }

    [Fact]
    public async Task NewSubscription_GetsNoOlderEntries_AndMissesNoNewerOne()
    {
        const int Callbacks = 30;
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("first"));
        using var stop = new CancellationTokenSource();
        var count = 0;
        var publishing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await hub.PublishAsync(Topic, $"{Interlocked.Increment(ref count)}");
        });

        await Task.WhenAll(Enumerable.Range(0, Callbacks).Select(i => hub.SubscribeAsync(Topic, subscriber.Callback($"s{i}"))));
        await stop.CancelAsync();
        await publishing;
        await hub.PublishAsync(Topic, "last");
        var ended = new HashSet<string>();
        while (ended.Count < Callbacks + 1)
        {
            if (await hub.NextDeliveryAsync(subscriber) is { Text: "last" } last)
                ended.Add(last.Target);
        }

        // Everyone's deliveries are a gapless end of the log.
        foreach (var one in subscriber.Deliveries.GroupBy(d => d.Target))
        {
            var sequences = one.Select(d => int.Parse(d.DeliveryId!.Split('/')[1])).Distinct().Order().ToList();
            Assert.Equal(Enumerable.Range(sequences[0], count + 2 - sequences[0]), sequences);
        }
    }

    [Fact]
    public async Task Stop_WhileAnAnswerIsOnItsWay_WaitsForIt_SoThatARestartRepeatsNothing()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var hub = await StartHubAsync())
        {
            await hub.SubscribeAsync(Topic, subscriber.Callback());
            subscriber.OnDelivery = _ => answer.Task;
            await hub.PublishAsync(Topic, "before the stop");
            await hub.NextDeliveryAsync(subscriber);
            var stopping = hub.StopAsync();
            answer.SetResult(200);
            await stopping;
        }

        await using var again = await StartHubAsync();
        await again.PublishAsync(Topic, "after the stop");
        var next = await again.NextDeliveryAsync(subscriber);

        Assert.Equal("after the stop", next.Text);
    }

    [Fact]
    public async Task InitialOnARenewal_GetsTheCurrentContentOnceMore_AndWhatFollowsOnce()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.SubscribeAsync(Topic, subscriber.Callback("neighbour"));
        foreach (var content in new[] { "one", "two" })
            await hub.PublishAsync(Topic, content);
        for (var i = 0; i < 4; i++)
            await hub.NextDeliveryAsync(subscriber);
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        while (await hub.Db.ReadAsync(session => session.ScalarAsync<long>("select min(cursor) from {lanes}"), deadline.Token) < 2)
            deadline.Token.ThrowIfCancellationRequested();

        await hub.SubscribeAsync(Topic, subscriber.Callback(), secret: "new", extra: (HubParameters.Initial, "true"));
        var again = await hub.NextDeliveryAsync(subscriber);
        await hub.PublishAsync(Topic, "three");
        for (var i = 0; i < 2; i++)
            await hub.NextDeliveryAsync(subscriber);

        Assert.Equal(("two", SignatureVerdict.Valid), (again.Text, again.Verify("new")));
        var renewed = subscriber.Deliveries.Where(d => d.Target == again.Target).Select(d => (d.Text, d.DeliveryId)).ToList();
        Assert.Equal(["one", "two", "two", "three"], renewed.Select(d => d.Text));
        Assert.Equal(renewed[1].DeliveryId, renewed[2].DeliveryId);
        Assert.Equal(["one", "two", "three"], subscriber.Deliveries.Where(d => d.Target != again.Target).Select(d => d.Text));
    }

    /// <summary>
    /// Two updates, one after the other, that this callback must get: what anybody was owed of the first has gone out by then.
    /// </summary>
    private static async Task PublishTwiceAsync(HubHost hub, FakeSubscriber subscriber, string target)
    {
        foreach (var update in (string[])["later", "later still"])
        {
            await hub.PublishAsync(Topic, update);
            while (await hub.NextDeliveryAsync(subscriber) is var next && (next.Target, next.Text) != (target, update))
            {
                // What others get is the test's to judge.
            }
        }
    }

    public sealed class OnSqlite() : DeliveryTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : DeliveryTests(server);
}
