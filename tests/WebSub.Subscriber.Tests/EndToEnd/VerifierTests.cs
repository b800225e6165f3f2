using Microsoft.Extensions.DependencyInjection;
using WebSub.Protocol;
using WebSub.Testing;
using Xunit;

namespace WebSub.Subscriber.Tests.EndToEnd;

public sealed class VerifierTests
{
    [Fact]
    [Trait("Ref", "BS-2")]
    public async Task Verifier_Agrees_Is200AndTheChallengeForBothModes()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b => b.AddVerifier<AgreeingVerifier>());
        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic("https://news.example/feed", hub.Url), "news");

        var request = await hub.NextRequestAsync();
        var begin = await hub.AskAsync(request.Callback, Question("subscribe"));
        await app.Subscriptions.UnsubscribeAsync(subscription.Id);
        var unsubscribe = await hub.NextRequestAsync();
        var end = await hub.AskAsync(unsubscribe.Callback, Question("unsubscribe"));

        Assert.Equal((200, "ch+/=", 200, "ch+/="), (begin.Status, begin.Body, end.Status, end.Body));

        static HubFields Question(string mode) =>
            new HubFields()
                .Add("hub.mode", mode)
                .Add("hub.topic", "https://news.example/feed")
                .Add("hub.challenge", "ch+/=")
                .Add("hub.lease_seconds", "60");
    }

    [Fact]
    [Trait("Ref", "BS-3")]
    [Trait("Ref", "BS-5")]
    public async Task Verifier_Refuses_Is404WithItsWords()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b => b.AddVerifier<RefusingVerifier>());
        var subscription = await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic("https://news.example/feed", hub.Url), "news");
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        var answer = await hub.VerifyAsync(request, 60);

        var now = await app.GetAsync(subscription.Id);
        Assert.Equal((404, "message=no", "yes"), (answer.Status, answer.Body, answer.Headers["X-Refused"]));
        Assert.Equal((WebSubSubscriptionState.Failed, "Leases of 60 s are too short."), (now.State, now.Reason));
    }

    [Fact]
    [Trait("Ref", "BS-5")]
    public async Task Verifier_RefusesToUnsubscribe_TheSubscriptionGoesOnHereToo()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b => b.AddVerifier<StayingVerifier>());
        var (subscription, request) = await app.SubscribeAsync(hub);

        await app.Subscriptions.UnsubscribeAsync(subscription.Id);
        var answer = await hub.VerifyAsync(await hub.NextRequestAsync());
        var change = await app.NextAsync(WebSubChangeKind.VerificationRefused);
        var delivery = await hub.DeliverAsync(request, "news");

        var now = await app.GetAsync(subscription.Id);
        Assert.Equal((404, "We stay.", "We stay."), (answer.Status, answer.Body, change.Reason));
        Assert.Equal((WebSubSubscriptionState.Active, subscription.RenewAt, 200), (now.State, now.RenewAt, delivery.Status));
    }

    [Fact]
    [Trait("Ref", "BS-4")]
    public async Task Verifier_Throws_Is404()
    {
        await using var hub = await FakeHub.StartAsync();
        await using var app = await SubscriberApp.StartAsync(build: b => b.AddVerifier<ThrowingVerifier>());
        await app.Subscriptions.SubscribeAsync(WebSubTarget.Topic("https://news.example/feed", hub.Url), "news");
        var request = await hub.NextRequestAsync();
        await app.NextAsync(WebSubChangeKind.Accepted);

        var answer = await hub.VerifyAsync(request);

        Assert.Equal(404, answer.Status);
        Assert.DoesNotContain("internal detail", answer.Body, StringComparison.Ordinal);
    }

    private sealed class AgreeingVerifier : IWebSubVerifier
    {
        public ValueTask<WebSubVerdict> VerifyAsync(WebSubVerification verification, CancellationToken cancellationToken) =>
            ValueTask.FromResult(WebSubVerdict.Confirm);
    }

    private sealed class RefusingVerifier : IWebSubVerifier
    {
        public ValueTask<WebSubVerdict> VerifyAsync(WebSubVerification verification, CancellationToken cancellationToken) =>
            ValueTask.FromResult(
                WebSubVerdict.Refuse($"Leases of {verification.LeaseSeconds} s are too short.", [new("X-Refused", "yes")], "message=no")
            );
    }

    private sealed class StayingVerifier : IWebSubVerifier
    {
        public ValueTask<WebSubVerdict> VerifyAsync(WebSubVerification verification, CancellationToken cancellationToken) =>
            ValueTask.FromResult(verification.Mode == "unsubscribe" ? WebSubVerdict.Refuse("We stay.") : WebSubVerdict.Confirm);
    }

    private sealed class ThrowingVerifier : IWebSubVerifier
    {
        public ValueTask<WebSubVerdict> VerifyAsync(WebSubVerification verification, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("internal detail");
    }
}
