using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Subscribing;

public abstract class SubscribingTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed?a=%7E";

    [Fact]
    [Trait("Req", "H16")]
    [Trait("Ref", "BH-11")]
    [Trait("Req", "H19")]
    [Trait("Req", "X3")]
    public async Task Verification_CarriesWhatWasAsked_BehindTheCallbacksOwnQuery()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();

        await hub.SubscribeAsync(
            Topic,
            subscriber.Callback("cb?hub.mode=mine&x=%41"),
            lease: 5000,
            extra: (HubParameters.VerifyToken, "tök")
        );
        var verification = await subscriber.NextVerificationAsync();

        Assert.StartsWith("/cb?hub.mode=mine&x=%41&hub.mode=subscribe&", verification.Target, StringComparison.Ordinal);
        Assert.Equal(Topic, verification.Topic);
        Assert.Equal("5000", verification.LeaseSeconds);
        Assert.Equal("tök", verification.Fields[HubParameters.VerifyToken]);
        Assert.True(verification.Challenge!.Length >= 32);
    }

    [Fact]
    [Trait("Req", "H22")]
    [Trait("Req", "H35")]
    public async Task Challenges_AreNeverTheSame()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();

        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        Assert.Equal(2, subscriber.Verifications.Select(v => v.Challenge).Distinct().Count());
        Assert.All(subscriber.Verifications, v => Assert.Matches("^[A-Za-z0-9+./=_-]{64}$", v.Challenge));
    }

    [Fact]
    [Trait("Req", "H7")]
    public async Task Renewal_ThatIsNotConfirmed_ChangesNothing_AConfirmedOneTakesTheNewSecret()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback(), secret: "old");
        subscriber.OnVerification = _ => Task.FromResult<int?>(404);
        var refused = hub.ChangedAsync(WebSubHubChangeKind.NotConfirmed, subscriber.Callback());
        using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback(), secret: "new");
        await refused;

        await hub.PublishAsync(Topic, "one");
        var first = await subscriber.NextDeliveryAsync();
        subscriber.OnVerification = _ => Task.FromResult<int?>(null);
        await hub.SubscribeAsync(Topic, subscriber.Callback(), secret: "new");
        await hub.PublishAsync(Topic, "two");
        var second = await subscriber.NextDeliveryAsync();

        Assert.Equal(SignatureVerdict.Valid, first.Verify("old"));
        Assert.Equal(SignatureVerdict.Valid, second.Verify("new"));
    }

    [Theory]
    [Trait("Req", "H20")]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(400)]
    public async Task Verification_ThatIsAnsweredOtherwise_IsFinal(int status)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnVerification = _ => Task.FromResult<int?>(status);
        var refused = hub.ChangedAsync(WebSubHubChangeKind.NotConfirmed, subscriber.Callback());

        using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback());
        await refused;

        Assert.Single(subscriber.Verifications);
    }

    [Theory]
    [Trait("Req", "H20")]
    [InlineData("gzip", 0, true)]
    [InlineData("br", 0, true)]
    [InlineData("deflate", 0, true)]
    [InlineData("raw", 0, true)]
    [InlineData("gzip", 1, false)]
    [InlineData("br", 1, false)]
    [InlineData("deflate", 1, false)]
    [InlineData("zstd", 0, false)]
    public async Task Verification_ThatIsAnsweredCompressedUnasked_IsRead_IfItIsWhole(string coding, int missing, bool isConfirmed)
    {
        await using var peer = new ScriptedPeer(
            (target, _) =>
                ScriptedPeer.Answer(
                    $"200 OK\nContent-Encoding: {(coding == "raw" ? "deflate" : coding)}",
                    Packed.Of(target.Split("hub.challenge=")[1].Split('&')[0], coding)[..^missing]
                )
        );
        await using var hub = await StartHubAsync(o => o.Verification.RetryDelays = []);
        var outcome = hub.ChangedAsync(
            isConfirmed ? WebSubHubChangeKind.Subscribed : WebSubHubChangeKind.NotConfirmed,
            peer.Origin + "/callback"
        );

        using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, peer.Origin + "/callback");
        await outcome;

        Assert.Contains("Accept-Encoding: identity", Assert.Single(peer.Requests), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "H20")]
    public async Task Verification_WhoseAnswerNeverEnds_IsRefused_AndIsNotReadOn()
    {
        await using var hub = await StartHubAsync(o => o.Verification.Timeout = TimeSpan.FromMinutes(5));
        await using var peer = new EndlessPeer(confirmsEndlessly: true);
        var refused = hub.ChangedAsync(WebSubHubChangeKind.NotConfirmed, peer.Url);

        using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, peer.Url);
        await refused;
        var answer = await peer.NextHangUpAsync();

        Assert.InRange(answer.Taken, 1, EndlessPeer.Buffered);
    }

    [Fact]
    [Trait("Req", "X10")]
    public async Task Verification_ThatIsAnswered5xx_IsTriedAgain()
    {
        await using var hub = await StartHubAsync(o => o.Verification.RetryDelays = [TimeSpan.Zero, TimeSpan.Zero]);
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnVerification = _ => Task.FromResult<int?>(subscriber.Verifications.Count < 3 ? 503 : null);

        await hub.SubscribeAsync(Topic, subscriber.Callback());

        Assert.Equal(3, subscriber.Verifications.Count);
    }

    [Fact]
    [Trait("Req", "H8")]
    public async Task Unsubscribe_OfAnUnknownPair_IsVerified_AndEndsNothing()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();

        await hub.UnsubscribeAsync(Topic, subscriber.Callback());

        var verification = Assert.Single(subscriber.Verifications);
        Assert.Equal(HubModes.Unsubscribe, verification.Mode);
        Assert.Null(verification.LeaseSeconds);
    }

    [Fact]
    [Trait("Req", "H21")]
    public async Task Lease_CountsFromTheVerificationRequest_NotFromItsAnswer()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await HubHost.StartAsync(ConnectionString, time: clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var asked = clock.GetUtcNow();
        subscriber.OnVerification = _ =>
        {
            clock.Advance(TimeSpan.FromSeconds(7));
            return Task.FromResult<int?>(null);
        };

        await hub.SubscribeAsync(Topic, subscriber.Callback(), lease: 1000);

        var end = await hub.Db.ReadAsync(s => s.ScalarAsync<long>("select lease_end from {subscriptions}"), default);
        Assert.Equal(asked.AddSeconds(1000), DateTimeOffset.UnixEpoch.AddMicroseconds(end));
    }

    [Theory]
    [Trait("Ref", "BH-3")]
    [Trait("Req", "H11")]
    [InlineData(HubModes.Subscribe, "accept", 202, HubModes.Subscribe)]
    [InlineData(HubModes.Unsubscribe, "accept", 202, HubModes.Unsubscribe)]
    [InlineData(HubModes.Subscribe, "deny", 202, HubModes.Denied)]
    [InlineData(HubModes.Unsubscribe, "deny", 202, HubModes.Denied)]
    [InlineData(HubModes.Subscribe, "bad", 400, null)]
    [InlineData(HubModes.Unsubscribe, "bad", 400, null)]
    [InlineData(HubModes.Subscribe, "throw", 500, null)]
    [InlineData(HubModes.Unsubscribe, "throw", 500, null)]
    public async Task Request_IsAnsweredAsTheValidatorSays_ForSubscribeAndUnsubscribe(
        string mode,
        string decision,
        int status,
        string? told
    )
    {
        await using var hub = await StartAsync(_ =>
            decision switch
            {
                "accept" => WebSubValidation.Accept,
                "deny" => WebSubValidation.Deny("no"),
                "bad" => WebSubValidation.Refuse("bad request", 400),
                _ => throw new InvalidOperationException("broken"),
            }
        );
        await using var subscriber = await FakeSubscriber.StartAsync();

        using var response = await hub.RequestAsync(mode, Topic, subscriber.Callback());
        var asked = told is null ? null : await subscriber.NextVerificationAsync();

        Assert.Equal((status, told), ((int)response.StatusCode, asked?.Mode));
    }

    [Fact]
    [Trait("Ref", "BH-6")]
    public async Task VerifiedRequest_ThatCannotBeStored_StaysAndIsVerifiedAgain()
    {
        var clock = new FakeTimeProvider();
        await using var hub = await HubHost.StartAsync(ConnectionString, time: clock);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.Db.WriteAsync(s => s.ExecuteAsync("alter table {subscriptions} rename to away"), default);
        var failed = hub.LoggedAsync(9002, "IntentVerifier");
        using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback());
        await failed;

        await hub.Db.WriteAsync(s => s.ExecuteAsync("alter table away rename to " + hub.Db.Sql("{subscriptions}")), default);
        var verified = hub.ChangedAsync(WebSubHubChangeKind.Subscribed, subscriber.Callback());
        await clock.AdvanceUntilAsync(verified, TimeSpan.FromSeconds(1));

        Assert.Equal(2, subscriber.Verifications.Count);
    }

    [Fact]
    [Trait("Req", "H18")]
    public async Task Validator_ThatDenies_HasTheCallbackTold()
    {
        await using var hub = await StartAsync(_ => WebSubValidation.Deny("not for you"));
        await using var subscriber = await FakeSubscriber.StartAsync();

        using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback());
        var told = await subscriber.NextVerificationAsync();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal((HubModes.Denied, Topic, "not for you", null), (told.Mode, told.Topic, told.Reason, told.Challenge));
    }

    [Fact]
    [Trait("Req", "H10")]
    [Trait("Ref", "BH-4")]
    public async Task Validator_ThatRefuses_DecidesTheAnswer_AndSeesParametersAndHeaders()
    {
        await using var hub = await StartAsync(r =>
            WebSubValidation.Refuse($"{r.Fields["x"]} {r.Headers.UserAgent} {r.Fields[HubParameters.Secret]}", 402)
        );
        await using var subscriber = await FakeSubscriber.StartAsync();

        using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback(), secret: "s", extra: ("x", "1"));

        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("1 WebSub-DotNet/", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(subscriber.Verifications);
    }

    [Theory]
    [Trait("Req", "H14")]
    [InlineData(false, 307)]
    [InlineData(true, 308)]
    public async Task Validator_ThatRedirects_NamesTheOtherHub(bool permanent, int status)
    {
        await using var hub = await StartAsync(_ => WebSubValidation.Redirect(new("https://other.example/hub"), permanent));

        using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, "http://127.0.0.1:9/");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("https://other.example/hub", response.Headers.Location!.OriginalString);
    }

    [Fact]
    [Trait("Ref", "BH-5")]
    public async Task Validator_ThatAcceptsWithoutVerification_AsksNobody()
    {
        await using var hub = await StartAsync(_ => WebSubValidation.AcceptWithoutVerification);
        await using var subscriber = await FakeSubscriber.StartAsync();

        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "x");
        await subscriber.NextDeliveryAsync();

        Assert.Empty(subscriber.Verifications);
    }

    [Fact]
    public async Task Validator_ThatThrows_IsA500_AndStoresNothing()
    {
        await using var hub = await StartAsync(_ => throw new InvalidOperationException("broken validator"));
        await using var subscriber = await FakeSubscriber.StartAsync();

        using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback());

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("broken", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(
            0,
            await hub.Db.ReadAsync(
                s => s.ScalarAsync<long>("select (select count(*) from {requests}) + (select count(*) from {subscriptions})"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Empty(subscriber.Verifications);
    }

    [Theory]
    [Trait("Req", "H13")]
    [InlineData("https://other.example/", "http://127.0.0.1:1/ok", "does not serve that topic")]
    [InlineData("https://publisher.example/x", "http://127.0.0.2:1/", "does not deliver to that callback")]
    public async Task Policy_ByPattern_Refuses(string topic, string callback, string sentence)
    {
        await using var hub = await StartHubAsync(o =>
        {
            o.Subscribing.Topics = ["https://publisher.example/*"];
            o.Subscribing.Callbacks = ["http://127.0.0.1:*"];
        });

        using var response = await hub.RequestAsync(HubModes.Subscribe, topic, callback);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(sentence, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "H13")]
    [InlineData(1, 1000, Topic, "b")]
    [InlineData(1000, 1, Topic + "&other", "a")]
    public async Task Cap_PerTopicAndHost_RefusesOneMore_ButNotARenewal(int perTopic, int perHost, string topic, string callback)
    {
        await using var hub = await StartHubAsync(o => (o.Subscribing.MaxPerTopic, o.Subscribing.MaxPerCallbackHost) = (perTopic, perHost));
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback("a"));

        using var more = await hub.RequestAsync(HubModes.Subscribe, topic, subscriber.Callback(callback));
        using var renewal = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback("a"));

        Assert.Equal(HttpStatusCode.Forbidden, more.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, renewal.StatusCode);
    }

    [Theory]
    [Trait("Req", "H13")]
    [InlineData("aa.bb.cc", 403)]
    [InlineData("aa.bb", 403)]
    [InlineData("aa.cc", 202)]
    [InlineData("aa", 202)]
    public async Task Cap_PerTopic_CountsThoseThatGetItsMessages(string topic, int status)
    {
        await using var hub = await StartHubAsync(o => o.Subscribing.MaxPerTopic = 1);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var messages = new Predicates.PredicateClient(hub);
        await messages.SubscribeAsync("aa.bb.*", subscriber.Callback("a"));

        var (more, _) = await messages.SubscribeAsync(topic, subscriber.Callback("b"));
        var (renewal, _) = await messages.SubscribeAsync("aa.bb", subscriber.Callback("a"));

        Assert.Equal((status, HttpStatusCode.Accepted), ((int)more, renewal));
    }

    [Fact]
    [Trait("Req", "H13")]
    public async Task Cap_HoldsAlsoForManyWhoAskAtOnce_AndTheOthersAreToldTheyAreDenied()
    {
        await using var hub = await StartHubAsync(o => o.Subscribing.MaxPerCallbackHost = 2);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var answered = new TaskCompletionSource();
        subscriber.OnVerification = async v =>
        {
            // No subscription is stored before all have been requested.
            if (v.Mode == HubModes.Subscribe)
                await answered.Task;
            return null;
        };

        foreach (var i in Enumerable.Range(0, 10))
        {
            using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback($"{i}"));
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }

        answered.SetResult();
        var denied = new List<FakeVerification>();
        while (denied.Count < 8)
        {
            if (await subscriber.NextVerificationAsync() is { Mode: HubModes.Denied } told)
                denied.Add(told);
        }

        Assert.All(denied, d => Assert.Equal("The callbacks of 127.0.0.1 have 2 subscriptions here; no more are allowed.", d.Reason));
    }

    [Fact]
    public async Task HostThatHangs_DelaysNoOthersVerification()
    {
        await using var hub = await StartHubAsync(o =>
            (o.Verification.MaxConcurrency, o.Verification.Timeout) = (4, TimeSpan.FromMinutes(5))
        );
        await using var hanging = await FakeSubscriber.StartAsync();
        await using var healthy = await FakeSubscriber.StartAsync();
        var held = new TaskCompletionSource<int?>();
        hanging.OnVerification = _ => held.Task;
        for (var i = 0; i < 8; i++)
        {
            using var response = await hub.RequestAsync(HubModes.Subscribe, Topic, hanging.Callback($"{i}"));
        }

        await hub.SubscribeAsync(Topic, healthy.Callback());
        held.SetResult(404);

        Assert.Single(healthy.Verifications);
    }

    [Fact]
    [Trait("Ref", "BH-1")]
    public async Task RegisteredTopic_MayBeAnyString_AnUnregisteredOneIsRefused()
    {
        const string Name = "orders/€ 2026";
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        using var before = await hub.RequestAsync(HubModes.Subscribe, Name, subscriber.Callback());

        using var registered = await hub.PostAsync(new HubFields().Add(HubParameters.Mode, "register").Add(HubParameters.Topic, Name));
        await hub.SubscribeAsync(Name, subscriber.Callback());
        await hub.PublishAsync(Name, "x");
        var delivery = await subscriber.NextDeliveryAsync();
        using var deregistered = await hub.PostAsync(new HubFields().Add(HubParameters.Mode, "deregister").Add(HubParameters.Topic, Name));
        using var again = await hub.PostAsync(new HubFields().Add(HubParameters.Mode, "deregister").Add(HubParameters.Topic, Name));

        Assert.Equal(HttpStatusCode.BadRequest, before.StatusCode);
        Assert.Equal("hub.mode=accepted", await registered.Content.ReadAsStringAsync());
        Assert.Contains("rel=\"self\"", delivery.Headers["Link"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, deregistered.StatusCode);
        Assert.Equal((HttpStatusCode)404, again.StatusCode);
        Assert.StartsWith("hub.mode=denied&hub.reason=", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_IsSealedInTheDatabase_AndTheNextProcessCanReadIt()
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using (var hub = await StartHubAsync())
        {
            await hub.SubscribeAsync(Topic, subscriber.Callback(), secret: "a very secret secret");
            var stored = await hub
                .Services.GetRequiredService<Hub.Storage.HubDatabase>()
                .Db.ReadAsync(s => s.ScalarAsync<byte[]>("select secret from {subscriptions}"), default);
            Assert.DoesNotContain("secret", Encoding.Latin1.GetString(stored!), StringComparison.Ordinal);
        }

        await using var next = await StartHubAsync();
        await next.PublishAsync(Topic, "x");
        var delivery = await subscriber.NextDeliveryAsync();

        Assert.Equal(SignatureVerdict.Valid, delivery.Verify("a very secret secret"));
    }

    [Fact]
    public async Task Start_WithoutTheKeyThatSealedTheSecrets_IsRefused()
    {
        await using (var hub = await StartHubAsync())
        {
            await hub.Db.WriteAsync(s => s.ExecuteAsync("delete from {key_ring}"), default);
        }

        var refused = await Assert.ThrowsAsync<WebSub.Storage.DatabaseException>(() => StartHubAsync());

        Assert.Contains(
            "cannot be read: the Data Protection key that wrapped their data key is missing",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_WithoutTheDataKey_IsRefused_IfAnythingWasSealedWithIt(bool isSealed)
    {
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using (var hub = await StartHubAsync())
        {
            await hub.SubscribeAsync(Topic, subscriber.Callback(), secret: isSealed ? "a very secret secret" : null);
            await hub.Db.WriteAsync(s => s.ExecuteAsync("delete from {data_key}"), default);
        }

        var next = await Record.ExceptionAsync(async () => await (await StartHubAsync()).DisposeAsync());

        if (isSealed)
            Assert.Contains(
                "the one row of websub_hub_data_key, is missing. Restore that row",
                Assert.IsType<WebSub.Storage.DatabaseException>(next).Message,
                StringComparison.Ordinal
            );
        else
            Assert.Null(next);
    }

    [Fact]
    public async Task RateLimit_PerClient_AnswersWith429_AndSparesLocalCallers()
    {
        await using var hub = await StartHubAsync(o => o.RateLimit.SubscribesPerMinute = 2);
        var answers = new List<HttpResponseMessage>();

        for (var i = 0; i < 3; i++)
            answers.Add(await hub.SendAsync(Forwarded(hub.Url)));
        using var local = await hub.RequestAsync(HubModes.Subscribe, Topic, "http://127.0.0.1:9/");

        Assert.Equal([202, 202, 429], answers.Select(a => (int)a.StatusCode));
        Assert.True(answers[2].Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal(HttpStatusCode.Accepted, local.StatusCode);
        answers.ForEach(a => a.Dispose());
    }

    [Fact]
    public async Task Verifications_OfOneHost_AreLimitedAMinute_AndOtherHostsGoOn()
    {
        await using var hub = await StartHubAsync(o => o.Verification.PerHostPerMinute = 2);
        await using var subscriber = await FakeSubscriber.StartAsync();
        var flooded = Enumerable.Range(1, 4).Select(i => subscriber.Callback($"flooded/{i}")).ToList();
        var other = subscriber.Callback("other").Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

        foreach (var callback in flooded.Take(2))
            await hub.SubscribeAsync(Topic, callback);
        foreach (var callback in flooded.Skip(2))
        {
            using var accepted = await hub.RequestAsync(HubModes.Subscribe, Topic, callback);
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        await hub.SubscribeAsync(Topic, other);
        const string Waiting =
            "select callback from {requests} where claimed_by is null and attempts = 0 and due > created_at order by callback";
        using var deadline = new CancellationTokenSource(HubHost.Deadline);
        while ((await hub.Db.ReadAsync(s => s.QueryAsync<string>(Waiting), deadline.Token)).Count < 2)
            deadline.Token.ThrowIfCancellationRequested();

        Assert.Equal(["/flooded/1", "/flooded/2", "/other"], subscriber.Verifications.Select(v => v.Target.Split('?')[0]).Order());
        Assert.Equal(flooded.Skip(2), await hub.Db.ReadAsync(s => s.QueryAsync<string>(Waiting), TestContext.Current.CancellationToken));
    }

    // With a proxy's header a loopback caller is not local.
    private static HttpRequestMessage Forwarded(string url)
    {
        var body = new HubFields()
            .Add(HubParameters.Mode, HubModes.Subscribe)
            .Add(HubParameters.Topic, Topic)
            .Add(HubParameters.Callback, "http://127.0.0.1:9/")
            .ToString();
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        return request;
    }

    private Task<HubHost> StartAsync(Func<WebSubValidationRequest, WebSubValidation> decide) =>
        HubHost.StartAsync(ConnectionString, services: s => s.AddSingleton<IWebSubValidator>(new Validator(decide)));

    private sealed class Validator(Func<WebSubValidationRequest, WebSubValidation> decide) : IWebSubValidator
    {
        public ValueTask<WebSubValidation> ValidateAsync(WebSubValidationRequest request, CancellationToken cancellationToken) =>
            new(decide(request));
    }

    public sealed class OnSqlite() : SubscribingTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : SubscribingTests(server);
}
