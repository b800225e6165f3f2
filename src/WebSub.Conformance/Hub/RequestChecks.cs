using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using WebSub.Values;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Hub.HubBench>;

namespace WebSub.Conformance.Hub;

/// <summary>What a hub does with requests (§5.1).</summary>
internal static class RequestChecks
{
    private const string Brackets = $"{HubParameters.Url}[]";

    public static readonly IReadOnlyList<Check<HubBench>> All =
    [
        Must("H1", "3.1", "It accepts a subscription with callback, mode and topic alone.", AcceptsTheSmallestAsync),
        Must("H2", "3.1", "It accepts a secret, up to the longest that is allowed: 199 bytes.", AcceptsALongSecretAsync),
        Must("H4", "5.1", "It ignores a lease in an unsubscribe request.", IgnoresLeaseOfUnsubscribeAsync),
        Must("H5", "5.1", "It ignores fields that it does not know.", IgnoresUnknownFieldsAsync),
        Must("H6", "5.1", "An active subscription may be requested again; it stays one subscription.", RenewsAsync),
        Must("H6-topics", "5.1", "One callback may be subscribed to two topics; it gets the updates of both.", KeepsBothTopicsAsync),
        Must("H7", "5.1", "A later request, once verified, replaces the secret.", ReplacesTheSecretAsync),
        Must("H7-failed", "5.1", "A renewal whose verification fails leaves the secret as it was.", KeepsTheSecretAsync),
        Must("H8", "3.1", "It supports unsubscribing, verifies it, and then delivers nothing more.", UnsubscribesAsync),
        Must("H9", "5.1.2", "It answers 202 if it can deal with the request.", Answers202Async),
        Must("H10", "5.1.2", "It answers a faulty request with 4xx or 5xx.", RefusesFaultsAsync),
        Should("H10-reason", "5.1.2", "It says in text/plain what is wrong with a faulty request.", GivesReasonsAsync),
        Must("H11", "5.1.2", "Its answer does not depend on the verification.", AnswersBeforeVerifyingAsync),
        Must(
            "H11-validation",
            "5.1.2",
            "Its answer does not depend on the topic, which is looked at later if at all.",
            AnswersBeforeLookingAsync
        ),
        May("X1", "", "It ignores hub.verify and hub.verify_token of PubSubHubbub 0.3.", IgnoresOldFieldsAsync),
        May("X4", "", "It takes a ping that names the topic in hub.topic.", TakesPingsWithTopicAsync),
        May(
            "X4-several",
            "",
            "It takes a ping that names several topics, each in a hub.url.",
            bench => TakesPingsOfTwoAsync(bench, (a, b) => [(HubParameters.Url, a), (HubParameters.Url, b)])
        ),
        May(
            "X4-brackets",
            "",
            "It takes a ping that names several topics, each in a hub.url[].",
            bench => TakesPingsOfTwoAsync(bench, (a, b) => [(Brackets, a), (Brackets, b)])
        ),
        May(
            "X4-list",
            "",
            "It takes a ping that names several topics in one hub.url, with commas between them.",
            bench => TakesPingsOfTwoAsync(bench, (a, b) => [(HubParameters.Url, $"{a},{b}")])
        ),
    ];

    private static async Task AcceptsTheSmallestAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        var answer = await bench
            .PostAsync(
                new HubFields()
                    .Add(HubParameters.Callback, callback.Url)
                    .Add(HubParameters.Mode, HubModes.Subscribe)
                    .Add(HubParameters.Topic, topic.Url)
            )
            .ConfigureAwait(false);
        if (!answer.IsAccepted)
            throw new CheckFailedException($"it answered {answer.Status}: \"{answer.Said}\"");
        await bench.FirstVerificationAsync(callback).ConfigureAwait(false);
    }

    private static Task AcceptsALongSecretAsync(HubBench bench) =>
        bench.SubscribeAsync(bench.Callback(), bench.Topic(), (HubParameters.Secret, new string('k', Secret.MaxBytes)));

    private static async Task IgnoresLeaseOfUnsubscribeAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UnsubscribeAsync(callback, topic, (HubParameters.LeaseSeconds, "60")).ConfigureAwait(false);
    }

    private static Task IgnoresUnknownFieldsAsync(HubBench bench) =>
        bench.SubscribeAsync(bench.Callback(), bench.Topic(), ("hub.unheard_of", "1"), ("colour", "blue"));

    private static async Task RenewsAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAndSettleAsync(topic, "update 1").ConfigureAwait(false);
        await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
        if (callback.Deliveries.All.CountBy(d => d.Text).FirstOrDefault(n => n.Value > 1) is { Value: > 1 and var copies })
            throw new CheckFailedException($"after a renewal, {copies} deliveries of one update came; one would be right");
    }

    private static async Task KeepsBothTopicsAsync(HubBench bench)
    {
        var (first, second, callback) = (bench.Topic(), bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, first).ConfigureAwait(false);
        await bench.SubscribeAsync(callback, second).ConfigureAwait(false);
        foreach (var (topic, text) in ((PeerTopic, string)[])[(first, "update of the first"), (second, "update of the second")])
        {
            await bench.UpdateAsync(topic, text).ConfigureAwait(false);
            await bench.DeliveryAsync(topic, callback, text).ConfigureAwait(false);
        }
    }

    /// <summary>A topic, and a callback with the old secret whose first delivery is signed.</summary>
    private static async Task<(PeerTopic Topic, PeerCallback Callback)> SignedAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, topic, (HubParameters.Secret, "the old secret")).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 0").ConfigureAwait(false);
        Signed.AtFirst("the old secret", await bench.DeliveryAsync(topic, callback, "update 0").ConfigureAwait(false));
        return (topic, callback);
    }

    private static async Task ReplacesTheSecretAsync(HubBench bench)
    {
        var (topic, callback) = await SignedAsync(bench).ConfigureAwait(false);
        await bench.SubscribeAsync(callback, topic, (HubParameters.Secret, "the new secret")).ConfigureAwait(false);
        await bench.UpdateAndSettleAsync(topic, "update 1").ConfigureAwait(false);
        Signed.With("the new secret", "the old secret", await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false));
    }

    private static async Task KeepsTheSecretAsync(HubBench bench)
    {
        var (topic, callback) = await SignedAsync(bench).ConfigureAwait(false);
        callback.OnVerification = (_, _) => Task.FromResult(PeerAnswer.Text(404));
        await bench.RefusedAsync(HubModes.Subscribe, callback, topic, (HubParameters.Secret, "the new secret")).ConfigureAwait(false);
        await bench.UpdateAndSettleAsync(topic, "update 1").ConfigureAwait(false);
        Signed.With("the old secret", "the new secret", await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false));
    }

    private static async Task UnsubscribesAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UnsubscribeAsync(callback, topic).ConfigureAwait(false);
        await bench.UpdateAndSettleAsync(topic, "update 1").ConfigureAwait(false);
        HubBench.ExpectNothing(callback, "update 1", "an update was delivered after the verified end of the subscription");
    }

    private static async Task Answers202Async(HubBench bench)
    {
        var answer = await bench.AcceptedAsync(HubModes.Subscribe, bench.Callback(), bench.Topic()).ConfigureAwait(false);
        if (answer.Status != 202)
            throw new CheckFailedException($"it answered {answer.Status} instead of 202");
    }

    private static async Task RefusesFaultsAsync(HubBench bench)
    {
        foreach (var (fault, fields) in Faults(bench))
        {
            var answer = await bench.PostAsync(fields).ConfigureAwait(false);
            if (answer.Status < 400)
                throw new CheckFailedException($"it answered {answer.Status} to a request {fault}; 4xx would be right");
        }
    }

    private static async Task GivesReasonsAsync(HubBench bench)
    {
        var refusals = 0;
        foreach (var (fault, fields) in Faults(bench))
        {
            var answer = await bench.PostAsync(fields).ConfigureAwait(false);
            if (answer.Status < 400)
                continue;
            refusals++;
            if (answer.MediaType != "text/plain" || answer.Said.Length == 0)
                throw new CheckFailedException(
                    $"it answered a request {fault} with {answer.Status} and {(answer.Said.Length == 0 ? "nothing" : answer.MediaType)}"
                );
        }

        if (refusals == 0)
            throw new CheckSkippedException("it refused none of the faulty requests; see H10");
    }

    private static IEnumerable<(string Fault, HubFields Fields)> Faults(HubBench bench)
    {
        var (topic, callback) = (bench.Topic().Url, bench.Callback().Url);
        yield return ("without a mode", new HubFields().Add(HubParameters.Topic, topic).Add(HubParameters.Callback, callback));
        yield return ("with the mode \"sing\"", Fields("sing", topic, callback));
        yield return ("without a callback", Fields(HubModes.Subscribe, topic, null));
        yield return ("without a topic", Fields(HubModes.Subscribe, null, callback));
        yield return ("with a callback that is no URL", Fields(HubModes.Subscribe, topic, "not a url"));
    }

    private static HubFields Fields(string mode, string? topic, string? callback) =>
        new HubFields().Add(HubParameters.Mode, mode).Add(HubParameters.Topic, topic).Add(HubParameters.Callback, callback);

    private static async Task AnswersBeforeVerifyingAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        callback.OnVerification = (_, _) => Task.FromResult(PeerAnswer.Text(404));
        var answer = await bench.AskAsync(HubModes.Subscribe, callback, topic).ConfigureAwait(false);
        if (!answer.IsAccepted)
            throw new CheckFailedException(
                $"it answered {answer.Status} to a correct request whose callback refuses the verification; "
                    + "202 would be right, whatever comes of it"
            );
    }

    private static async Task AnswersBeforeLookingAsync(HubBench bench)
    {
        var (there, gone) = (bench.Topic(), bench.Topic());
        gone.Remove();
        await bench.AcceptedAsync(HubModes.Subscribe, bench.Callback(), there).ConfigureAwait(false);
        var answer = await bench.AskAsync(HubModes.Subscribe, bench.Callback(), gone).ConfigureAwait(false);
        if (!answer.IsAccepted)
            throw new CheckFailedException(
                $"it answered {answer.Status} to a correct request whose topic does not exist, and 2xx to one whose topic does; "
                    + "202 would be right, and a denial later (§5.2)"
            );
    }

    private static Task IgnoresOldFieldsAsync(HubBench bench) =>
        bench.SubscribeAsync(bench.Callback(), bench.Topic(), (HubParameters.Verify, "async"), (HubParameters.VerifyToken, "token"));

    private static async Task TakesPingsWithTopicAsync(HubBench bench)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        await bench.SubscribeAsync(callback, topic).ConfigureAwait(false);
        topic.Show("update 1");
        await bench.PingAsync(topic, HubParameters.Topic).ConfigureAwait(false);
        await DeliveredAsync(bench, callback, "delivery of the update").ConfigureAwait(false);
    }

    private static async Task TakesPingsOfTwoAsync(HubBench bench, Func<string, string, (string, string)[]> fields)
    {
        var (first, second) = (bench.Topic(), bench.Topic());
        var (one, other) = (bench.Callback(), bench.Callback());
        await bench.SubscribeAsync(one, first).ConfigureAwait(false);
        await bench.SubscribeAsync(other, second).ConfigureAwait(false);
        first.Show("update 1");
        second.Show("update 1");
        await bench.PingAsync(fields(first.Url, second.Url)).ConfigureAwait(false);
        await DeliveredAsync(bench, one, "delivery of the first topic's update").ConfigureAwait(false);
        await DeliveredAsync(bench, other, "delivery of the second topic's update").ConfigureAwait(false);
    }

    private static Task<ReceivedRequest> DeliveredAsync(HubBench bench, PeerCallback callback, string what) =>
        callback.Deliveries.FirstAsync(_ => true, what, bench.Options.Patience, bench.Over);
}
