using System.Globalization;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Hub.HubBench>;

namespace WebSub.Conformance.Hub;

/// <summary>How a hub verifies, and what it makes of the answers (§5.2, §5.3).</summary>
internal static class VerificationChecks
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-./=_";
    private const int TenYears = 315_360_000;
    private const int AYear = 31_622_400;

    // Nobody means the end of a lease of fifty years; int.MaxValue, 68 years, is what hubs write that have none.
    private const int FiftyYears = 5 * TenYears;

    private static readonly (string, string) NoLease = (HubParameters.LeaseSeconds, "");

    // A hub may count a lease from when it has read the answer.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    public static readonly IReadOnlyList<Check<HubBench>> All =
    [
        Must(
            "H16",
            "5.1.1",
            "A callback's own query stays as it is; parameters are appended and replace none of the same name.",
            KeepsTheQueryAsync
        ),
        Must(
            "H18",
            "5.2",
            "What it accepts it verifies; what it denies it tells the callback (here, a topic that does not exist).",
            DeniesAloudAsync
        ),
        Must("H19", "5.3", "The verification carries mode, topic, challenge and, on subscribe, the lease.", SaysWhatItAsksAsync),
        Must("H20", "5.3.1", "A verification that is answered 404 or 500 has failed, even with the challenge.", TakesNoForNoAsync),
        Must("H20-redirect", "5.3.1", "A verification that is answered with a redirect has failed.", FollowsNoRedirectAsync),
        Must(
            "H20-body",
            "5.3.1",
            "A verification that is answered 200 has failed if the body is not the challenge alone.",
            WantsTheChallengeAsync
        ),
        Should("H21", "5.3.1", "Leases have an end: ten years are not granted.", BoundsLeasesAsync),
        Must("H21-default", "5.3.1", "A subscription that asks for no lease gets one that ends, and is told so.", GrantsALeaseUnaskedAsync),
        Must("H21-end", "5.3.1", "Leases are enforced: nothing is delivered after their end.", EndsLeasesAsync).Long(),
        Should("H22", "8.2", "A challenge is used once.", UsesAChallengeOnceAsync),
        Must("H24", "8.3", "It uses exactly the callback that it was given, byte for byte.", KeepsTheCallbackAsync),
        Must("H34", "5.3", "Unsubscribing that the callback does not confirm with the challenge ends nothing.", EndsNothingUnaskedAsync),
        Must("H35", "5.3", "A challenge consists of A–Z, a–z, 0–9, +, -, ., /, = and _ only.", ChallengeIsPlainAsync),
    ];

    private static async Task KeepsTheQueryAsync(HubBench bench)
    {
        var callback = bench.Callback("?id=a%20b&hub.topic=mine");
        await bench.AcceptedAsync(HubModes.Subscribe, callback, bench.Topic()).ConfigureAwait(false);
        var verification = await bench.FirstVerificationAsync(callback).ConfigureAwait(false);
        if (!verification.Target.StartsWith($"{callback.Target}&", StringComparison.Ordinal))
            throw new CheckFailedException($"the verification went to {verification.Target}; {callback.Target}&hub.… would be right");
    }

    private static async Task DeniesAloudAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        topic.Remove();
        var answer = await bench.AskAsync(HubModes.Subscribe, callback, topic).ConfigureAwait(false);
        if (!answer.IsAccepted)
            return;
        var word = await bench.FirstVerificationAsync(callback, "verification or denial of what was accepted").ConfigureAwait(false);
        if (word.Parameter(HubParameters.Mode) == HubModes.Denied && word.Parameter(HubParameters.Topic) != topic.Url)
            throw new CheckFailedException(
                $"the denial names the topic \"{word.Parameter(HubParameters.Topic)}\" instead of \"{topic.Url}\""
            );
    }

    private static async Task SaysWhatItAsksAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        var subscribing = await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        Expect(subscribing, HubParameters.Mode, HubModes.Subscribe);
        Expect(subscribing, HubParameters.Topic, topic.Url);
        ExpectAChallenge(subscribing);
        if (Lease(subscribing) is null)
            throw new CheckFailedException(
                $"the verification has hub.lease_seconds \"{subscribing.Parameter(HubParameters.LeaseSeconds)}\"; "
                    + "a positive number would be right"
            );
        var unsubscribing = await bench.UnsubscribeAsync(callback, topic).ConfigureAwait(false);
        Expect(unsubscribing, HubParameters.Mode, HubModes.Unsubscribe);
        Expect(unsubscribing, HubParameters.Topic, topic.Url);
        ExpectAChallenge(unsubscribing);
    }

    private static void ExpectAChallenge(ReceivedRequest verification)
    {
        if (string.IsNullOrEmpty(verification.Parameter(HubParameters.Challenge)))
            throw new CheckFailedException(
                $"the verification has no hub.challenge (hub.mode={verification.Parameter(HubParameters.Mode)})"
            );
    }

    private static void Expect(ReceivedRequest verification, string parameter, string value)
    {
        if (verification.Parameter(parameter) is var found && found != value)
            throw new CheckFailedException($"the verification has {parameter} \"{found}\"; \"{value}\" would be right");
    }

    private static long? Lease(ReceivedRequest verification) =>
        long.TryParse(verification.Parameter(HubParameters.LeaseSeconds), NumberStyles.None, CultureInfo.InvariantCulture, out var lease)
        && lease > 0
            ? lease
            : null;

    private static Task TakesNoForNoAsync(HubBench bench) =>
        FailsAsync(
            bench,
            ("was answered 404", _ => PeerAnswer.Text(404)),
            ("was answered 404, with the challenge", v => PeerCallback.Confirm(v) with { Status = 404 }),
            ("was answered 500", _ => PeerAnswer.Text(500)),
            ("was answered 500, with the challenge", v => PeerCallback.Confirm(v) with { Status = 500 })
        );

    private static Task FollowsNoRedirectAsync(HubBench bench)
    {
        var elsewhere = bench.Callback();
        return FailsAsync(bench, [.. HubBench.Redirects.Select(To)]);

        (string, Func<ReceivedRequest, PeerAnswer>) To(int status) =>
            ($"was answered with a redirect ({status})", v => PeerAnswer.Text(status).With("Location", $"{elsewhere.Url}?{v.Query}"));
    }

    private static Task WantsTheChallengeAsync(HubBench bench) =>
        FailsAsync(
            bench,
            ("was answered 200 with something else than the challenge", _ => PeerAnswer.Text(200, "welcome")),
            ("was answered 200 and nothing", _ => PeerAnswer.Text(200)),
            ("was answered 200 with the challenge in a page", v => PeerAnswer.Text(200, $"<p>{Challenge(v)}</p>")),
            ("was answered 200 with more behind the challenge", v => PeerAnswer.Text(200, $"{Challenge(v)}0"))
        );

    private static string Challenge(ReceivedRequest verification) => verification.Parameter(HubParameters.Challenge) ?? "";

    /// <summary>None of these answers makes a subscription.</summary>
    private static async Task FailsAsync(HubBench bench, params (string What, Func<ReceivedRequest, PeerAnswer> Answer)[] answers)
    {
        var topic = bench.Topic();
        var callbacks = answers.ToDictionary(a => a.What, _ => bench.Callback(), StringComparer.Ordinal);
        foreach (var (what, answer) in answers)
            callbacks[what].OnVerification = (v, _) => Task.FromResult(answer(v));
        await Task.WhenAll(callbacks.Values.Select(c => bench.RefusedAsync(HubModes.Subscribe, c, topic))).ConfigureAwait(false);
        await bench.UpdateAndSettleAsync(topic, "update 1").ConfigureAwait(false);
        foreach (var (what, callback) in callbacks)
            HubBench.ExpectNothing(callback, "update 1", $"an update was delivered though the verification {what}");
    }

    private static async Task BoundsLeasesAsync(HubBench bench)
    {
        var verification = await bench
            .SubscribeAsync(bench.Callback(), bench.Topic(), (HubParameters.LeaseSeconds, $"{TenYears}"))
            .ConfigureAwait(false);
        var lease = Lease(verification) ?? throw new CheckSkippedException("the hub does not state the lease; see H19");
        if (lease > AYear)
            throw new CheckFailedException($"it granted {lease} s of {TenYears} s; ten days would be usual");
    }

    private static async Task GrantsALeaseUnaskedAsync(HubBench bench)
    {
        var callback = bench.Callback();
        if (!(await bench.AskAsync(HubModes.Subscribe, callback, bench.Topic(), NoLease).ConfigureAwait(false)).IsAccepted)
            throw new CheckSkippedException("the hub refuses requests that ask for no lease; see H1");
        var verification = await bench.FirstVerificationAsync(callback).ConfigureAwait(false);
        if (Lease(verification) is { } lease)
        {
            if (lease > FiftyYears)
                throw new CheckFailedException($"no lease was asked for, and it granted {lease} s: nobody will see the end of that");
            return;
        }

        if (Lease(await bench.SubscribeAsync(bench.Callback(), bench.Topic()).ConfigureAwait(false)) is null)
            throw new CheckSkippedException("the hub never states the lease; see H19");
        throw new CheckFailedException(
            $"no lease was asked for, and the verification has hub.lease_seconds "
                + $"\"{verification.Parameter(HubParameters.LeaseSeconds)}\"; one of the hub's own would be right, "
                + "no subscription is endless"
        );
    }

    private static async Task EndsLeasesAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        var verification = await bench.SubscribeAsync(callback, topic, (HubParameters.LeaseSeconds, "1")).ConfigureAwait(false);
        var lease = Lease(verification) ?? throw new CheckSkippedException("the hub does not state the lease; see H19");
        if (lease > bench.Options.LongestLease.TotalSeconds)
            throw new CheckSkippedException(
                $"the shortest lease of this hub is {lease} s, and the check waits {bench.Options.LongestLease.TotalSeconds:0} s at most"
            );
        await bench.PauseAsync(TimeSpan.FromSeconds(lease) + Grace + bench.Options.Quiet).ConfigureAwait(false);
        await bench.UpdateAndSettleAsync(topic, "update 1").ConfigureAwait(false);
        HubBench.ExpectNothing(callback, "update 1", $"an update was delivered after the lease of {lease} s had ended");
    }

    private static async Task UsesAChallengeOnceAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        ReceivedRequest[] verifications =
        [
            await bench.SubscribeAsync(bench.Callback(), topic).ConfigureAwait(false),
            await bench.SubscribeAsync(callback, topic).ConfigureAwait(false),
            await bench.UnsubscribeAsync(callback, topic).ConfigureAwait(false),
        ];
        if (verifications.DistinctBy(Challenge).Count() < verifications.Length)
            throw new CheckFailedException("two verifications had the same challenge");
    }

    private static async Task KeepsTheCallbackAsync(HubBench bench)
    {
        var callback = bench.Callback("/a%7Eb%2Fc/%c3%a9/A;p=1,2!/");
        await bench.AcceptedAsync(HubModes.Subscribe, callback, bench.Topic()).ConfigureAwait(false);
        var verification = await bench.FirstVerificationAsync(callback).ConfigureAwait(false);
        if (verification.Path != callback.Target)
            throw new CheckFailedException($"the verification went to {verification.Path}; {callback.Target} would be right");
    }

    private static async Task EndsNothingUnaskedAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        foreach (var answer in (PeerAnswer[])[PeerAnswer.Text(404), PeerAnswer.Text(200, "goodbye")])
        {
            callback.OnVerification = (_, _) => Task.FromResult(answer);
            await bench.RefusedAsync(HubModes.Unsubscribe, callback, topic).ConfigureAwait(false);
        }

        await bench.UpdateAsync(topic, "update 1").ConfigureAwait(false);
        await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
    }

    private static async Task ChallengeIsPlainAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        ReceivedRequest[] verifications =
        [
            await bench.SubscribeAsync(callback, topic).ConfigureAwait(false),
            await bench.UnsubscribeAsync(callback, topic).ConfigureAwait(false),
        ];
        foreach (var challenge in verifications.Select(Challenge))
        {
            if (challenge.Cast<char?>().FirstOrDefault(c => !Alphabet.Contains(c!.Value, StringComparison.Ordinal)) is { } odd)
                throw new CheckFailedException($"the challenge \"{challenge}\" has a \"{odd}\"");
        }
    }
}
