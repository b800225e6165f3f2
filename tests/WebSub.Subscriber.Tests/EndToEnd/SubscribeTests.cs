using WebSub.Protocol;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class SubscribeTests
{
    private const string Topic = "https://news.example/feed";

    [Fact]
    [Trait("Ref", "WS-1")]
    [Trait("Ref", "AS-4")]
    public async Task Subscribe_HubAnswers202_OneRowOneRequestVerifying()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();

        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news", new() { Signature = WebSubSignaturePolicy.Never });
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        // S2, S4: a form with exactly mode, topic and callback.
        var subscription = Assert.Single(await app.ListAsync());
        Assert.Equal([HubParameters.Mode, HubParameters.Topic, HubParameters.Callback], request.Fields.Items.Select(i => i.Key));
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal(("subscribe", Topic), (request.Mode, request.Topic));
        Assert.Matches($"^{app.Url}/websub/news/[0-9a-f]{{32}}$", request.Callback);
        Assert.DoesNotContain(subscription.Id.ToString(), request.Callback);
        Assert.Equal((WebSubSubscriptionState.Pending, WebSubRequestState.Verifying), (subscription.State, subscription.Request));
        Assert.Single(hub.Requests);
    }

    [Fact]
    [Trait("Ref", "WS-3")]
    [Trait("Ref", "AS-8")]
    public async Task Verification_OfPendingSubscribe_EchoesChallengeAndActivates()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync();
        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic(Topic, hub.Url), "news");
        var request = await hub.NextRequestAsync();
        var challenge = FakeHub.NewChallenge();

        var answer = await hub.AskAsync(
            request.Callback,
            new HubFields().Add("hub.mode", "subscribe").Add("hub.topic", Topic).Add("hub.challenge", challenge).Add("hub.lease_seconds", 3600L));

        // S16: the body equals the challenge.
        Assert.Equal((200, challenge), (answer.Status, answer.Body));
        Assert.StartsWith("text/plain", answer.ContentType, StringComparison.Ordinal);
        var now = await app.GetAsync(subscription.Id);
        Assert.Equal(WebSubSubscriptionState.Active, now.State);
        Assert.Equal(0, now.FailedAttempts);
        Assert.Null(now.Request);
    }
}
