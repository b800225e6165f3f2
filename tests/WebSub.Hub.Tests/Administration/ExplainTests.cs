using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using WebSub.Hub.Storage;
using WebSub.Hub.Subscribing;
using WebSub.Hub.Tests.Predicates;
using WebSub.Protocol;
using WebSub.Testing;
using WebSub.TestSupport;
using Xunit;

namespace WebSub.Hub.Tests.Administration;

/// <summary>
/// Scripted mishaps of subscriptions, and what the hub says about each: what really happened, as its peers saw it.
/// </summary>
public abstract class ExplainTests(PostgreSqlServer? postgreSql) : OnBothDatabases(postgreSql)
{
    private const string Topic = "https://publisher.example/feed";
    private const string NoTrace =
        "None has ended in the last 30 days, and no request for one is waiting; one that was refused at once (4xx) leaves no trace. "
        + "Callbacks are compared byte for byte, including their queries.";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task UnknownTopic_IsSaidToBeUnknown()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        var said = await Explained.AskAsync(hub, "https://other.example/", subscriber.Callback());

        Assert.Equal("unknownTopic", said.Verdict);
        Assert.Equal(
            "This hub does not know that topic: nobody is subscribed to it, and it keeps nothing of it. Topics are compared byte for byte.",
            said.Summary
        );
        Assert.Empty(said.Steps);
    }

    [Theory]
    [InlineData("http://publisher.example/feed")]
    [InlineData("https://publisher.example/feed/")]
    [InlineData("http://publisher.example/feed/")]
    public async Task UnknownTopic_ThatIsNearlyAKnownOne_NamesThat(string topic)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        var said = await Explained.AskAsync(hub, topic, subscriber.Callback());

        Assert.Equal("unknownTopic", said.Verdict);
        Assert.Equal($"This hub does not know that topic, but it knows {Topic}. Topics are compared byte for byte.", said.Summary);
    }

    [Fact]
    public async Task NeverSubscribed_IsSaid_AndTheQueryOfTheCallbackIsNot()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback() + "?token=hidden");

        Assert.Equal(("neverSubscribed", "This callback has no subscription to this topic. " + NoTrace), (said.Verdict, said.Summary));
        Assert.DoesNotContain("hidden", said.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestThatWasRefusedAtOnce_LeavesNoTrace()
    {
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            services: s => s.AddSingleton<IWebSubValidator>(new Strict(WebSubValidation.Refuse("Members only.")))
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.PublishAsync(Topic, "first");
        using var refused = await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback());

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("neverSubscribed", said.Verdict);
        Assert.Contains("refused at once (4xx) leaves no trace", said.Summary, StringComparison.Ordinal);
        Assert.Empty(subscriber.Verifications);
    }

    [Fact]
    public async Task CallbackThatCannotConfirmNow_IsSaidWithItsAnswer_AndTheNextAttempt()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnVerification = _ => Task.FromResult<int?>(503);
        using (await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback()))
            await hub.UntilAsync("select count(*) from {requests} where attempts = 1 and claimed_by is null");

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        const string Why = "The callback was asked once to confirm it, without success. The callback answered 503.";
        Assert.Equal("notVerified", said.Verdict);
        Assert.Equal($"There is no subscription yet: it has not been confirmed. {Why} It is asked again at TIME.", said.Summary);
        Assert.Equal([("request", $"A request to subscribe was made at TIME and has not been decided. {Why}")], said.Steps);
        Assert.True(said.Of("request").NextAttempt > said.Of("request").At);
        Assert.Single(subscriber.Verifications);
    }

    [Fact]
    public async Task CallbackThatIsBeingAsked_IsSaid()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        var answer = new TaskCompletionSource<int?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        subscriber.OnVerification = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        using (await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback()))
            await asked.Task.WaitAsync(HubHost.Deadline, Cancelled);

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        answer.SetResult(null);

        Assert.Equal(
            ("notVerified", "There is no subscription yet: it has not been confirmed. The callback is being asked to confirm it."),
            (said.Verdict, said.Summary)
        );
        Assert.Null(said.Of("request").NextAttempt);
    }

    [Theory]
    [InlineData("404", "The callback answered 404.")]
    [InlineData("another challenge", "The callback answered 200, but not with exactly the challenge.")]
    [InlineData("nothing", "No answer within 0.2 s.")]
    [InlineData("no server", "ORIGIN: Connection refused.")]
    public async Task CallbackThatDoesNotConfirm_IsSaidWithItsAnswer(string what, string why)
    {
        await using var hub = await StartHubAsync(o =>
        {
            o.Verification.RetryDelays = [];
            if (what == "nothing")
                o.Verification.Timeout = TimeSpan.FromSeconds(0.2);
        });
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var peer = new ScriptedPeer((_, _) => ScriptedPeer.Answer("200 OK\nContent-Length: 2", "no"u8.ToArray()));
        var never = new TaskCompletionSource<int?>(TaskCreationOptions.RunContinuationsAsynchronously);
        subscriber.OnVerification = _ => what == "404" ? Task.FromResult<int?>(404) : never.Task;
        var callback = what switch
        {
            "another challenge" => peer.Origin + "/callback",
            "no server" => Nobody(),
            _ => subscriber.Callback(),
        };
        var over = hub.ChangedAsync(WebSubHubChangeKind.NotConfirmed, callback);
        using (await hub.RequestAsync(HubModes.Subscribe, Topic, callback))
            await over;

        var said = await Explained.AskAsync(hub, Topic, callback);
        never.SetResult(null);

        const string CameToNothing = "TIME a request came to nothing, since the callback did not confirm it.";
        Assert.Equal("notConfirmed", said.Verdict);
        Assert.Equal($"There is no subscription: at {CameToNothing} {why}", said.Summary);
        Assert.Equal([("end", $"At {CameToNothing} {why}")], said.Steps);
    }

    [Fact]
    public async Task RequestThatTheHubDenied_IsSaidWithTheReason_AlsoWhileTheCallbackDoesNotListen()
    {
        await using var hub = await HubHost.StartAsync(
            ConnectionString,
            services: s => s.AddSingleton<IWebSubValidator>(new Strict(WebSubValidation.Deny("Members only")))
        );
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var deaf = await FakeSubscriber.StartAsync();
        deaf.OnVerification = _ => Task.FromResult<int?>(503);
        var over = hub.ChangedAsync(WebSubHubChangeKind.Denied, subscriber.Callback());
        using (await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback()))
            await over;
        using (await hub.RequestAsync(HubModes.Subscribe, Topic, deaf.Callback()))
            await hub.UntilAsync("select count(*) from {requests} where attempts = 1 and claimed_by is null");

        var told = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        var waiting = await Explained.AskAsync(hub, Topic, deaf.Callback());

        Assert.Equal(("denied", "There is no subscription: at TIME the hub denied a request. Members only."), (told.Verdict, told.Summary));
        Assert.Equal(("denied", "There is no subscription: the hub denied it. Members only."), (waiting.Verdict, waiting.Summary));
        Assert.Equal(
            [
                (
                    "request",
                    "A request to subscribe was made at TIME and is denied. The callback was asked once to acknowledge the denial, without "
                        + "success. The callback answered 503."
                ),
            ],
            waiting.Steps
        );
        Assert.Equal("Members only", Assert.Single(subscriber.Verifications).Reason);
    }

    [Fact]
    public async Task RenewalThatIsNotConfirmed_IsAStep_AndTheSubscriptionStillHolds()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        subscriber.OnVerification = _ => Task.FromResult<int?>(404);
        var over = hub.ChangedAsync(WebSubHubChangeKind.NotConfirmed, subscriber.Callback());
        using (await hub.RequestAsync(HubModes.Subscribe, Topic, subscriber.Callback()))
            await over;

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal(
            ("nothingPublished", "There is no update: nothing has been published to this topic yet."),
            (said.Verdict, said.Summary)
        );
        Assert.Equal(
            [
                ("subscription", "The callback confirmed the subscription at TIME; its lease ends at TIME."),
                (
                    "renewal",
                    "At TIME a request came to nothing, since the callback did not confirm it. The callback answered 404. The subscription "
                        + "stands as it was."
                ),
            ],
            said.Steps
        );
    }

    [Fact]
    public async Task Unsubscribed_IsSaid()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.UnsubscribeAsync(Topic, subscriber.Callback());

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal(("unsubscribed", "The subscription ended at TIME: the subscriber unsubscribed."), (said.Verdict, said.Summary));
        Assert.Equal([HubModes.Subscribe, HubModes.Unsubscribe], subscriber.Verifications.Select(v => v.Mode));
    }

    [Theory]
    [InlineData("revoke", "revoked")]
    [InlineData("delete", "deleted")]
    public async Task SubscriptionThatAnOperatorEnded_IsSaidWithTheReason(string how, string verdict)
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        var path = $"subscriptions/{(await hub.ListAsync("subscriptions"))[0]["id"]}";
        var reason = new { reason = "Unpaid since May." };

        if (how == "revoke")
            await hub.ActAsync(path + "/revoke", reason);
        else
            await hub.ActAsync(path, reason, HttpMethod.Delete);
        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        await hub.UntilAsync("select 1 where not exists (select 1 from {requests})");
        var later = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal((verdict, verdict), (said.Verdict, later.Verdict));
        Assert.Equal($"The subscription ended at TIME: an operator {verdict} it. Unpaid since May.", later.Summary);
        Assert.Equal(how == "revoke" ? 2 : 1, subscriber.Verifications.Count);
    }

    [Fact]
    public async Task LeaseThatEnded_IsSaid_WhileTheRowIsThere_AndOnceItIsNot()
    {
        await using var hub = await HubHost.StartAsync(ConnectionString, services: WithoutSweep);
        await using var subscriber = await FakeSubscriber.StartAsync();
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.Db.WriteAsync(s => s.ExecuteAsync("update {subscriptions} set lease_end = 1, verified_at = 0"), Cancelled);
        await hub.PublishAsync(Topic, "first");

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());
        await hub.Services.GetRequiredService<SubscriptionStore>().SweepExpiredAsync(new(2), 10, Cancelled);
        var later = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal(
            ("leaseEnded", "The lease ended at TIME and was not renewed; nothing has been sent since."),
            (said.Verdict, said.Summary)
        );
        Assert.Equal(
            ("leaseEnded", "The subscription ended at TIME: its lease had ended and had not been renewed."),
            (later.Verdict, later.Summary)
        );
        Assert.Empty(subscriber.Deliveries);
    }

    [Fact]
    public async Task CallbackThatAnswered410_IsSaid()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        subscriber.OnDelivery = _ => Task.FromResult(410);
        await hub.SubscribeAsync(Topic, subscriber.Callback());
        await hub.PublishAsync(Topic, "first");
        await hub.UntilAsync("select 1 where not exists (select 1 from {subscriptions})");

        var said = await Explained.AskAsync(hub, Topic, subscriber.Callback());

        Assert.Equal("gone", said.Verdict);
        Assert.Equal(
            "The subscription ended at TIME: the callback answered 410 Gone. Update ID/1 had not been delivered by then, as far as is "
                + "recorded; answers of the last second may not be.",
            said.Summary
        );
        Assert.Single(subscriber.Deliveries);
    }

    [Fact]
    public async Task MessageThatNoTopicOfTheCallbackCovers_IsSaidToBeFiltered()
    {
        await using var hub = await StartHubAsync();
        await using var subscriber = await FakeSubscriber.StartAsync();
        await using var other = await FakeSubscriber.StartAsync();
        var messages = new PredicateClient(hub);
        await messages.SubscribeAsync("aa.bb", subscriber.Callback());
        await messages.SubscribeAsync("*", other.Callback());
        await messages.PostAsync("aa.cc");
        await hub.NextDeliveryAsync(other);

        var filtered = await Explained.AskAsync(hub, "aa.cc", subscriber.Callback());
        var above = await Explained.AskAsync(hub, "aa", subscriber.Callback());
        var nobody = await Explained.AskAsync(hub, "aa.cc", subscriber.Callback("another"));

        Assert.Equal(
            ("filtered", "The callback is subscribed to aa.bb, which does not cover aa.cc; it does not get its messages."),
            (filtered.Verdict, filtered.Summary)
        );
        Assert.Equal(
            ("filtered", "Of aa, the callback is subscribed to aa.bb only; it gets no other messages of it."),
            (above.Verdict, above.Summary)
        );
        Assert.Equal(
            ("neverSubscribed", "This callback has no subscription that covers aa.cc. " + NoTrace),
            (nobody.Verdict, nobody.Summary)
        );
        Assert.Empty(subscriber.Deliveries);
    }

    [Theory]
    [InlineData("explain?topic=x", "callback")]
    [InlineData("explain?callback=x", "topic")]
    [InlineData("explain?topic=x&callback=y&update=last", "update")]
    [InlineData("explain?topic=x&callback=y&update=12/3", "update")]
    public async Task Question_ThatLacksSomething_OrIsWrong_IsRefused(string path, string field)
    {
        await using var hub = await StartHubAsync();

        using var answer = await hub.AskAsync(HttpMethod.Get, path);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!;

        Assert.Equal((HttpStatusCode.BadRequest, field), (answer.StatusCode, (string?)problem["field"]));
    }

    /// <summary>Takes out the sweep, so that a row whose lease has ended stays until the test removes it.</summary>
    private static void WithoutSweep(IServiceCollection services) =>
        services.Remove(services.Single(s => s.ImplementationType == typeof(ExpirySweep)));

    /// <summary>A callback on a port that was free a moment ago.</summary>
    private static string Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}/callback";
    }

    private sealed class Strict(WebSubValidation decision) : IWebSubValidator
    {
        public ValueTask<WebSubValidation> ValidateAsync(WebSubValidationRequest request, CancellationToken cancellationToken) =>
            new(decision);
    }

    public sealed class OnSqlite() : ExplainTests(null);

    [Trait("Starts", "PostgreSql")]
    public sealed class OnPostgreSql(PostgreSqlServer server) : ExplainTests(server);
}
