using System.Text;
using Microsoft.AspNetCore.Http;
using WebSub.EndToEnd.Tests.Infrastructure;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Values;

namespace WebSub.EndToEnd.Tests.Hub;

/// <summary>
/// How the hub behaves over time. To show that something is not delivered, two further updates, which would come later, must first reach
/// another subscriber of the topic.
/// </summary>
public abstract class BehaviourTests(SharedHub shared) : HubTests(shared)
{
    private const string OldSecret = "das alte Geheimnis";
    private const string NewSecret = "das neue Geheimnis";

    [Fact]
    public async Task Publish_ThreeUpdates_ArriveInOrder()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());

        foreach (var update in (string[])["one", "two", "three"])
            await Hub.PushAsync(callback.Topic, update);
        var deliveries = await callback.WaitForDeliveriesAsync(3);

        Assert.Equal(["one", "two", "three"], deliveries.Select(Text));
    }

    [Fact]
    [Trait("Req", "H28 H29")]
    public async Task Delivery_Answered500_IsRetriedWithTheSameIdAndTheWholeBody()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic(), OldSecret);
        callback.Respond = _ => callback.Deliveries.Count < 3 ? 500 : 200;
        var content = SiteContent.Atom("http://self.example/", Hub.Url, 4);

        await Hub.PushAsync(callback.Topic, content, "application/atom+xml");
        await Hub.PushAsync(callback.Topic, "the next update");
        var deliveries = await callback.WaitForDeliveriesAsync(4);

        Assert.All(deliveries.Take(3), d => Assert.Equal(content, d.Body));
        Assert.Single(deliveries.Take(3).Select(d => d.DeliveryId).Distinct());
        Assert.Single(deliveries.Take(3).Select(d => d.Header(HubHeaders.Signature)).Distinct());
        Assert.All(deliveries, d => Assert.Equal(SignatureVerdict.Valid, d.Signature));
        Assert.Equal("the next update", Text(deliveries[3]));
    }

    [Fact]
    [Trait("Req", "H30")]
    public async Task Delivery_FailsForGood_TheNextUpdateIsTriedAgain()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());
        callback.Respond = d => Text(d) == "never" ? 500 : 200;

        await Hub.PushAsync(callback.Topic, "never");
        await callback.WaitForDeliveriesAsync(4);
        await Hub.PushAsync(callback.Topic, "welcome");
        var deliveries = await callback.WaitForDeliveriesAsync(5);
        await Hub.PushAsync(callback.Topic, "welcome, too");
        await callback.WaitForDeliveriesAsync(6);

        Assert.Equal(["never", "never", "never", "never", "welcome", "welcome, too"], callback.Deliveries.Select(Text));
        Assert.EndsWith("/2", deliveries[4].DeliveryId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    [Trait("Req", "H28")]
    public async Task Delivery_Redirected_IsAFailureAndNotFollowed(int status)
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());
        var elsewhere = Sink.Expect(callback.Topic);
        callback.AnswerDelivery = (_, response) =>
        {
            response.StatusCode = callback.Deliveries.Count < 2 ? status : 200;
            response.Headers.Location = elsewhere.Url;
            return Task.CompletedTask;
        };

        await Hub.PushAsync(callback.Topic, "one");
        await callback.WaitForDeliveriesAsync(2);
        await Hub.PushAsync(callback.Topic, "two");
        var deliveries = await callback.WaitForDeliveriesAsync(3);

        Assert.Equal(["one", "one", "two"], deliveries.Select(Text));
        Assert.Equal(deliveries[0].DeliveryId, deliveries[1].DeliveryId);
        Assert.Empty(elsewhere.Deliveries);
    }

    [Fact]
    [Trait("Req", "H28")]
    public async Task Delivery_Answered410_EndsTheSubscription()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());
        var other = await Hub.SubscribeAsync(Sink, callback.Topic);
        callback.Respond = _ => StatusCodes.Status410Gone;

        await Hub.PushAsync(callback.Topic, "the last for one of them");
        await callback.WaitForDeliveriesAsync(1);
        await PushTwiceAsync(other);

        Assert.Single(callback.Deliveries);
    }

    [Fact]
    public async Task Delivery_410AfterARetry_EndsTheSubscription()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());
        var other = await Hub.SubscribeAsync(Sink, callback.Topic);
        callback.Respond = _ => callback.Deliveries.Count == 1 ? 503 : StatusCodes.Status410Gone;

        await Hub.PushAsync(callback.Topic, "refused, then gone");
        await callback.WaitForDeliveriesAsync(2);
        await PushTwiceAsync(other);

        Assert.Equal(2, callback.Deliveries.Count);
    }

    [Fact]
    public async Task Delivery_CallbackHangs_OthersDoNotWait()
    {
        using var gate = new Gate();
        var slow = await Hub.SubscribeAsync(Sink, NewTopic());
        var fast = await Hub.SubscribeAsync(Sink, slow.Topic);
        slow.AnswerDelivery = (_, _) => gate.PassAsync();

        await Hub.PushAsync(slow.Topic, "one");
        await gate.ReachedAsync();
        await Hub.PushAsync(slow.Topic, "two");
        await Hub.PushAsync(slow.Topic, "three");
        var deliveries = await fast.WaitForDeliveriesAsync(3);
        var slowSoFar = slow.Deliveries.Count;
        gate.Open();
        var late = await slow.WaitForDeliveriesAsync(3);

        Assert.Equal(["one", "two", "three"], deliveries.Select(Text));
        Assert.Equal(1, slowSoFar);
        Assert.Equal(["one", "two", "three"], late.Select(Text));
    }

    [Fact]
    public async Task Delivery_CallbackHangsUp_IsRetried()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());
        callback.AnswerDelivery = (_, response) =>
        {
            if (callback.Deliveries.Count == 1)
                response.HttpContext.Abort();
            return Task.CompletedTask;
        };

        await Hub.PushAsync(callback.Topic, "cut off");
        var deliveries = await callback.WaitForDeliveriesAsync(2);

        Assert.Equal(deliveries[0].DeliveryId, deliveries[1].DeliveryId);
        Assert.Equal("cut off", Text(deliveries[1]));
    }

    [Fact]
    [Trait("Req", "H28")]
    public async Task Delivery_AnsweredWithALargeBody_IsDelivered()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());
        callback.AnswerDelivery = async (_, response) =>
        {
            response.StatusCode = StatusCodes.Status201Created;
            // As large as the hub accepts: reading it to the end would never get to the next update.
            var hungUp = response.HttpContext.RequestAborted;
            while (!hungUp.IsCancellationRequested)
                await response.Body.WriteAsync(new byte[16 * 1024], hungUp);
        };

        await Hub.PushAsync(callback.Topic, "one");
        await Hub.PushAsync(callback.Topic, "two");
        var deliveries = await callback.WaitForDeliveriesAsync(2);

        Assert.Equal(["one", "two"], deliveries.Select(Text));
    }

    [Fact]
    [Trait("Req", "H8")]
    public async Task Unsubscribe_Confirmed_StopsDeliveries()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());
        var other = await Hub.SubscribeAsync(Sink, callback.Topic);
        await Hub.PushAsync(callback.Topic, "for both");
        await callback.WaitForDeliveriesAsync(1);

        var response = await Sink.RequestAsync(Hub.Url, callback, HubModes.Unsubscribe);
        await Hub.VerifiedAsync(callback, HubModes.Unsubscribe);
        await PushTwiceAsync(other);

        Assert.Equal(202, response.StatusCode);
        Assert.Single(callback.Deliveries);
        var verification = callback.Verifications[^1];
        Assert.Equal(HubModes.Unsubscribe, verification[HubParameters.Mode]);
        Assert.Equal(callback.Topic, verification[HubParameters.Topic]);
        Assert.NotEqual(callback.Verifications[0][HubParameters.Challenge], verification[HubParameters.Challenge]);
    }

    [Fact]
    [Trait("Req", "H34")]
    public async Task Unsubscribe_NotConfirmed_ChangesNothing()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic());
        callback.Confirms = false;

        var response = await Sink.RequestAsync(Hub.Url, callback, HubModes.Unsubscribe);
        await Hub.NotConfirmedAsync(callback, HubModes.Unsubscribe);
        await Hub.PushAsync(callback.Topic, "still here");
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal(202, response.StatusCode);
        Assert.Equal("still here", Text(deliveries[0]));
    }

    [Fact]
    public async Task Unsubscribe_NeverSubscribed_IsVerifiedAndHarmless()
    {
        var callback = Sink.Expect(NewTopic());

        var response = await Sink.RequestAsync(Hub.Url, callback, HubModes.Unsubscribe);
        await Hub.VerifiedAsync(callback, HubModes.Unsubscribe);

        Assert.Equal(202, response.StatusCode);
    }

    [Fact]
    [Trait("Req", "H6 H7")]
    public async Task Resubscribe_NewSecret_CountsOnlyOnceVerified()
    {
        var callback = Sink.Expect(NewTopic(), OldSecret);
        await Hub.SubscribeAsync(Sink, callback, leaseSeconds: 5000);

        callback.Confirms = false;
        await Sink.RequestAsync(Hub.Url, callback, leaseSeconds: 6000, secret: NewSecret);
        await Hub.NotConfirmedAsync(callback);
        await Hub.PushAsync(callback.Topic, "with the old one");
        await callback.WaitForDeliveriesAsync(1);
        callback.Confirms = true;
        await Sink.RequestAsync(Hub.Url, callback, leaseSeconds: 7000, secret: NewSecret);
        await Hub.VerifiedAsync(callback, leaseSeconds: 7000);
        await Hub.PushAsync(callback.Topic, "with the new one");
        await callback.WaitForDeliveriesAsync(2);
        await PushTwiceAsync(callback);

        Assert.Equal(SignatureVerdict.Valid, callback.Deliveries[0].Signature);
        Assert.All(
            callback.Deliveries.Skip(1),
            d =>
                Assert.Equal(
                    SignatureVerdict.Valid,
                    HubSignature.Verify(d.Header(HubHeaders.Signature), Secret.Parse(NewSecret).Bytes, d.Body)
                )
        );
        Assert.Equal(["5000", "6000", "7000"], callback.Verifications.Select(v => v[HubParameters.LeaseSeconds]));
        Assert.Equal(4, callback.Deliveries.Count);
    }

    [Fact]
    [Trait("Req", "H7")]
    public async Task Resubscribe_VerificationPending_DeliversWithTheOldSecret()
    {
        using var gate = new Gate();
        var callback = Sink.Expect(NewTopic(), OldSecret);
        await Hub.SubscribeAsync(Sink, callback, leaseSeconds: 5000);
        callback.AnswerChallenge = async (fields, response) =>
        {
            await gate.PassAsync();
            await response.WriteAsync(fields[HubParameters.Challenge]!);
        };

        await Sink.RequestAsync(Hub.Url, callback, leaseSeconds: 7000, secret: NewSecret);
        await gate.ReachedAsync();
        await Hub.PushAsync(callback.Topic, "meanwhile");
        var first = (await callback.WaitForDeliveriesAsync(1))[0];
        gate.Open();
        await Hub.VerifiedAsync(callback, leaseSeconds: 7000);
        await Hub.PushAsync(callback.Topic, "afterwards");
        var second = (await callback.WaitForDeliveriesAsync(2))[1];

        Assert.Equal(SignatureVerdict.Valid, first.Signature);
        Assert.Equal(
            SignatureVerdict.Valid,
            HubSignature.Verify(second.Header(HubHeaders.Signature), Secret.Parse(NewSecret).Bytes, second.Body)
        );
    }

    [Fact]
    [Trait("Req", "H6")]
    public async Task Resubscribe_Same_DoesNotDeliverTwice()
    {
        var callback = Sink.Expect(NewTopic(), OldSecret);
        await Hub.SubscribeAsync(Sink, callback, leaseSeconds: 5000);
        await Hub.PushAsync(callback.Topic, "one");
        await callback.WaitForDeliveriesAsync(1);

        await Sink.RequestAsync(Hub.Url, callback, leaseSeconds: 6000);
        await Hub.VerifiedAsync(callback, leaseSeconds: 6000);
        await Hub.PushAsync(callback.Topic, "two");
        await callback.WaitForDeliveriesAsync(2);
        await PushTwiceAsync(callback);

        Assert.Equal(["one", "two", "later", "later still"], callback.Deliveries.Select(Text));
    }

    [Fact]
    [Trait("Req", "H21")]
    public async Task Lease_Over_NothingIsDelivered()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic(), leaseSeconds: 5);
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(5);
        var other = await Hub.SubscribeAsync(Sink, callback.Topic);
        await Hub.PushAsync(callback.Topic, "in time");
        await callback.WaitForDeliveriesAsync(1);

        // The lease began before its verification was logged; nothing announces its end but the clock.
        await PassAsync(end);
        await PushTwiceAsync(other);

        Assert.Equal("in time", Text(Assert.Single(callback.Deliveries)));
    }

    [Fact]
    [Trait("Req", "H3 H6")]
    public async Task Lease_Renewed_DeliveriesGoOn()
    {
        var callback = await Hub.SubscribeAsync(Sink, NewTopic(), leaseSeconds: 2);
        var end = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(2);

        await Sink.RequestAsync(Hub.Url, callback, leaseSeconds: 300);
        await Hub.VerifiedAsync(callback, leaseSeconds: 300);
        await PassAsync(end);
        await Hub.PushAsync(callback.Topic, "after the first lease");
        var deliveries = await callback.WaitForDeliveriesAsync(1);

        Assert.Equal("after the first lease", Text(deliveries[0]));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("newline")]
    [InlineData("empty")]
    [InlineData("404")]
    [InlineData("403 with the challenge")]
    [InlineData("redirect")]
    [Trait("Req", "H20")]
    public async Task Verification_NotConfirmed_DeliversNothing(string answer)
    {
        var other = await Hub.SubscribeAsync(Sink, NewTopic());
        var elsewhere = Sink.Expect(other.Topic);
        var callback = Sink.Expect(other.Topic);
        callback.AnswerChallenge = async (fields, response) =>
        {
            var challenge = fields[HubParameters.Challenge]!;
            response.StatusCode = answer switch
            {
                "404" => 404,
                "redirect" => 302,
                "403 with the challenge" => 403,
                _ => 200,
            };
            if (answer == "redirect")
                response.Headers.Location =
                    $"{elsewhere.Url}&hub.mode=subscribe&hub.topic={Uri.EscapeDataString(other.Topic)}&hub.challenge={challenge}";
            await response.WriteAsync(
                answer switch
                {
                    "wrong" => challenge[1..] + "x",
                    "newline" => challenge + "\n",
                    "empty" => "",
                    _ => challenge,
                }
            );
        };

        var response = await Sink.RequestAsync(Hub.Url, callback);
        await Hub.NotConfirmedAsync(callback);
        await PushTwiceAsync(other);

        Assert.Equal(202, response.StatusCode);
        Assert.Empty(callback.Deliveries);
        Assert.Empty(elsewhere.Verifications);
        Assert.Single(callback.Verifications);
    }

    [Fact]
    [Trait("Req", "H11")]
    public async Task Subscribe_VerificationPending_IsAnsweredAtOnce()
    {
        using var gate = new Gate();
        var callback = Sink.Expect(NewTopic());
        callback.AnswerChallenge = async (fields, response) =>
        {
            await gate.PassAsync();
            await response.WriteAsync(fields[HubParameters.Challenge]!);
        };

        var response = await Sink.RequestAsync(Hub.Url, callback);
        await gate.ReachedAsync();
        gate.Open();
        await Hub.VerifiedAsync(callback);

        Assert.Equal(202, response.StatusCode);
    }

    [Fact]
    public async Task Verification_Answered500_IsTriedAgain()
    {
        var callback = Sink.Expect(NewTopic());
        callback.AnswerChallenge = async (fields, response) =>
        {
            response.StatusCode = callback.Verifications.Count == 1 ? 500 : 200;
            await response.WriteAsync(fields[HubParameters.Challenge]!);
        };

        await Sink.RequestAsync(Hub.Url, callback);
        await Hub.VerifiedAsync(callback);

        Assert.Equal(2, callback.Verifications.Count);
        Assert.NotEqual(callback.Verifications[0][HubParameters.Challenge], callback.Verifications[1][HubParameters.Challenge]);
    }

    [Fact]
    [Trait("Req", "H19 H16")]
    public async Task Verification_Always_CarriesWhatTheProtocolSays()
    {
        var callback = Sink.Expect(NewTopic());

        await Hub.SubscribeAsync(Sink, callback, leaseSeconds: 3600);

        var fields = callback.Verifications[0];
        Assert.Equal(HubModes.Subscribe, fields[HubParameters.Mode]);
        Assert.Equal(callback.Topic, fields[HubParameters.Topic]);
        Assert.Equal("3600", fields[HubParameters.LeaseSeconds]);
        Assert.True(fields[HubParameters.Challenge]!.Length >= 32);
        Assert.Equal("a/b", fields["part"]);
        Assert.Null(fields[HubParameters.Secret]);
    }

    [Fact]
    public async Task Subscribe_AfterUpdates_GetsOnlyWhatComesLater()
    {
        var early = await Hub.SubscribeAsync(Sink, NewTopic());
        await Hub.PushAsync(early.Topic, "before");
        await early.WaitForDeliveriesAsync(1);

        var late = await Hub.SubscribeAsync(Sink, early.Topic);
        await PushTwiceAsync(late);

        Assert.Equal(["later", "later still"], late.Deliveries.Select(Text));
        await early.WaitForDeliveriesAsync(3);
        Assert.Equal(["before", "later", "later still"], early.Deliveries.Select(Text));
    }

    [Fact]
    public async Task Publish_RightAfterEachVerification_IsDeliveredToAll()
    {
        var callbacks = Enumerable.Range(0, 60).Select(_ => Sink.Expect(NewTopic())).ToList();

        await Task.WhenAll(
            callbacks.Select(async callback =>
            {
                await Hub.SubscribeAsync(Sink, callback);
                await Hub.PushAsync(callback.Topic, "at once");
            })
        );

        foreach (var callback in callbacks)
            Assert.Equal("at once", Text((await callback.WaitForDeliveriesAsync(1))[0]));
    }

    private static string Text(SinkDelivery delivery) => Encoding.UTF8.GetString(delivery.Body);

    /// <summary>Until then, or not at all if that is past: a slow machine has waited long enough.</summary>
    private static async Task PassAsync(DateTimeOffset end)
    {
        var left = end - TimeProvider.System.GetUtcNow();
        if (left > TimeSpan.Zero)
            await Task.Delay(left, TimeProvider.System);
    }

    /// <summary>
    /// Two further updates, one after the other, that this callback must get: what was owed before them has gone out by then.
    /// </summary>
    private async Task PushTwiceAsync(SinkCallback callback)
    {
        foreach (var update in (string[])["later", "later still"])
        {
            await Hub.PushAsync(callback.Topic, update);
            await callback.WaitForDeliveryAsync(d => Text(d) == update);
        }
    }
}
