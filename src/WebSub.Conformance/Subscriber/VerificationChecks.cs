using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Protocol;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Subscriber.SubscriberBench>;

namespace WebSub.Conformance.Subscriber;

/// <summary>What its callback answers to verifications, true and forged (§5.3).</summary>
internal static class VerificationChecks
{
    private const int TooLong = 4000;
    private const int LongestShown = 200;
    private static readonly string[] SafeTypes = ["text/plain", "application/octet-stream"];

    public static readonly IReadOnlyList<Check<SubscriberBench>> All =
    [
        Must("S16", "5.3.1", "It answers the verification of its request 2xx, with the challenge and nothing else.", ConfirmsAsync),
        Must("S17", "5.3.1", "A verification of a topic that it never asked for is answered 404.", DeniesOtherTopicsAsync),
        Must("S17-unsubscribe", "5.3.1", "A verification of an unsubscribe that it never asked for is answered 404.", DeniesTheEndAsync),
        Must("S17-callback", "5.3.1", "A verification at a callback that was never given is answered 404 (or 410).", DeniesElsewhereAsync),
        Should("S30", "5", "A hub that asks again about an active subscription gets the challenge.", ConfirmsAgainAsync),
        Should("S31", "5.1.2", "It confirms a verification that comes before the hub has answered the request.", ConfirmsEarlyAsync),
        Must("S32", "5.3.1", "A challenge is sent back as text/plain or application/octet-stream.", HasASafeTypeAsync),
        Must("S32-nosniff", "5.3.1", "A challenge is sent back with X-Content-Type-Options: nosniff.", ForbidsSniffingAsync),
        Should("S33", "8.2", "A challenge with control characters is not sent back.", RefusesBinaryAsync),
        Should("S33-length", "8.2", "A challenge of 4,000 characters is not sent back.", RefusesLengthAsync),
    ];

    private static async Task ConfirmsAsync(SubscriberBench bench)
    {
        var request = await bench.RequestAsync().ConfigureAwait(false);
        Confirms(request.Challenge, await request.Verification.ConfigureAwait(false));
    }

    private static async Task ConfirmsEarlyAsync(SubscriberBench bench)
    {
        var request =
            await bench.Scene(TopicKind.Page).RequestAsync().ConfigureAwait(false)
            ?? throw new CheckSkippedException("the topic's hub was not asked; see D9-page");
        var answer = await request.Verification.ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw new CheckFailedException($"it answered {answer.Status} while its request was on the way; 200 would be right");
    }

    private static async Task ConfirmsAgainAsync(SubscriberBench bench)
    {
        var (scene, subscription) = await bench.SubscribedAsync().ConfigureAwait(false);
        var challenge = CallbackCaller.NewChallenge();
        var answer = await bench
            .VerifyAsync(scene, subscription.Callback!, HubModes.Subscribe, subscription.Topic!, challenge)
            .ConfigureAwait(false);
        if (!answer.Echoes(challenge))
            throw new CheckFailedException($"it answered {answer.Status} without the challenge; the subscription is active");
    }

    private static async Task DeniesOtherTopicsAsync(SubscriberBench bench)
    {
        var (scene, subscription) = await bench.SubscribedAsync().ConfigureAwait(false);
        var other = $"{scene.Self}{(scene.Self.Contains('?', StringComparison.Ordinal) ? '&' : '?')}never=asked";
        await DeniesAsync(bench, scene, subscription.Callback!, HubModes.Subscribe, other).ConfigureAwait(false);
    }

    private static async Task DeniesTheEndAsync(SubscriberBench bench)
    {
        // Whoever confirms it may let go of the subscription, which other checks need.
        var scene = bench.Scene(TopicKind.Redirected);
        if (await scene.RequestAsync().ConfigureAwait(false) is null)
            (scene, _) = await bench.SubscribedAsync().ConfigureAwait(false);
        var subscription = await scene.SubscribedAsync().ConfigureAwait(false);
        await DeniesAsync(bench, scene, subscription.Callback!, HubModes.Unsubscribe, subscription.Topic!).ConfigureAwait(false);
    }

    private static async Task DeniesElsewhereAsync(SubscriberBench bench)
    {
        var (scene, subscription) = await bench.SubscribedAsync().ConfigureAwait(false);
        var elsewhere = OtherCallback.Of(subscription.Callback!);
        await DeniesAsync(bench, scene, elsewhere, HubModes.Subscribe, subscription.Topic!, 410).ConfigureAwait(false);
    }

    private static async Task DeniesAsync(
        SubscriberBench bench,
        TopicScene scene,
        string callback,
        string mode,
        string topic,
        int orElse = 404
    )
    {
        var answer = await bench.VerifyAsync(scene, callback, mode, topic, CallbackCaller.NewChallenge()).ConfigureAwait(false);
        if (answer.Status != 404 && answer.Status != orElse)
            throw new CheckFailedException($"it answered {answer.Status}; 404 would be right");
    }

    private static void Confirms(string challenge, CallbackAnswer answer)
    {
        if (!answer.IsSuccess)
            throw new CheckFailedException($"it answered {answer.Status}; 200 would be right");
        if (!answer.Body.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(challenge)))
            throw new CheckFailedException($"the body is \"{Start(answer.Body)}\"; exactly \"{challenge}\" would be right");
    }

    private static async Task HasASafeTypeAsync(SubscriberBench bench)
    {
        foreach (var answer in await EchoesAsync(bench).ConfigureAwait(false))
        {
            if (!SafeTypes.Contains(answer.MediaType, StringComparer.Ordinal))
                throw new CheckFailedException(
                    answer.MediaType is { } type
                        ? $"the challenge came back as {type}"
                        : "the challenge came back without a Content-Type, so that a browser guesses"
                );
        }
    }

    private static async Task ForbidsSniffingAsync(SubscriberBench bench)
    {
        foreach (var answer in await EchoesAsync(bench).ConfigureAwait(false))
        {
            if (!"nosniff".Equals(answer.ContentTypeOptions, StringComparison.OrdinalIgnoreCase))
                throw new CheckFailedException(
                    answer.ContentTypeOptions is { } options
                        ? $"X-Content-Type-Options is \"{options}\""
                        : "the answer has no X-Content-Type-Options"
                );
        }
    }

    /// <summary>Answers with a challenge in them: the usual one, and one that is a script unless that was refused.</summary>
    private static async Task<IEnumerable<CallbackAnswer>> EchoesAsync(SubscriberBench bench)
    {
        const string script = "<script>alert(1)</script>";
        var (scene, subscription) = await bench.SubscribedAsync().ConfigureAwait(false);
        var usual = await subscription.Verification.ConfigureAwait(false);
        var scripted = await bench
            .VerifyAsync(scene, subscription.Callback!, HubModes.Subscribe, subscription.Topic!, script)
            .ConfigureAwait(false);
        return scripted.Echoes(script) ? [usual, scripted] : [usual];
    }

    private static Task RefusesBinaryAsync(SubscriberBench bench) => RefusesAsync(bench, $"a\0b\u0001c{CallbackCaller.NewChallenge()}");

    private static Task RefusesLengthAsync(SubscriberBench bench) => RefusesAsync(bench, new string('a', TooLong));

    private static async Task RefusesAsync(SubscriberBench bench, string challenge)
    {
        var (scene, subscription) = await bench.SubscribedAsync().ConfigureAwait(false);
        var answer = await bench
            .VerifyAsync(scene, subscription.Callback!, HubModes.Subscribe, subscription.Topic!, challenge)
            .ConfigureAwait(false);
        if (answer.Echoes(challenge))
            throw new CheckFailedException($"it answered {answer.Status} with the challenge; 404 would be right");
    }

    private static string Start(byte[] body) => Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, LongestShown)));
}
