using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Signatures;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Subscriber.SubscriberBench>;

namespace WebSub.Conformance.Subscriber;

/// <summary>What it makes of signatures, true and forged (§7.1).</summary>
internal static class SignatureChecks
{
    private const int ShortHash = 8;

    public static readonly IReadOnlyList<Check<SubscriberBench>> All =
    [
        Must(
            "S27",
            "3.1",
            "It verifies signatures with the secret that it gave: an update that is rightly signed is taken.",
            TakesTheGenuineAsync
        ),
        Must("C3", "7.1", "The signature counts for the body as it was sent, byte for byte: a byte order mark, CR LF.", TakesBytesAsync),
        Should("C4", "7.1", "It computes with the method that the header names: sha1, sha256, sha384, sha512.", TakesEachMethodAsync),
        Must(
            "C5",
            "7.1",
            "An update is ignored whose signature was made with another secret, or for another update.",
            IgnoresMismatchAsync
        ),
        Must("C5-length", "7.1", "An update with only the beginning of its signature is ignored.", IgnoresTheBeginningAsync),
        Must("C6", "3.2.6", "An update without a signature is ignored if there is a secret.", IgnoresTheUnsignedAsync),
        Should("C8", "7.1", "An update that is signed with a method that WebSub does not know, here md5, is ignored.", IgnoresMd5Async),
        May("C9", "", "Hexadecimal may be in capitals.", TakesCapitalsAsync),
        May("C10", "", "Without a secret, a signature does not matter.", IgnoresTheUnaskedAsync),
    ];

    private static async Task TakesTheGenuineAsync(SubscriberBench bench)
    {
        var (scene, _, _) = await bench.SignedAsync().ConfigureAwait(false);
        var genuine = await bench.DeliveredAsync().ConfigureAwait(false);
        if (bench.Options.Received is not { } received)
            throw new CheckSkippedException(
                $"it answered {genuine.Answer.Status}; whether it took the update shows only in what it has received"
            );
        if (!await bench.ShowsAsync(received, scene, genuine.Update).ConfigureAwait(false))
            throw new CheckFailedException(
                $"an update that was rightly signed was answered {genuine.Answer.Status}, and is not in what it has received"
            );
    }

    private static async Task TakesBytesAsync(SubscriberBench bench)
    {
        var (scene, subscription, method) = await bench.SignedAsync().ConfigureAwait(false);
        var update = Update.Of(scene.Kind);
        var text = Encoding.UTF8.GetString(update.Body).Replace("\n", "\r\n", StringComparison.Ordinal);
        update = update with { Body = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)] };
        await ExpectTakenAsync(bench, scene, subscription, update, SubscriberBench.Sign(subscription, method, update.Body))
            .ConfigureAwait(false);
    }

    private static async Task TakesEachMethodAsync(SubscriberBench bench)
    {
        var (scene, subscription, _) = await bench.SignedAsync().ConfigureAwait(false);
        List<string> refused = [];
        foreach (var method in Enum.GetValues<SignatureMethod>())
        {
            var update = Update.Of(scene.Kind);
            var signature = SubscriberBench.Sign(subscription, method, update.Body);
            var answer = await bench.DeliverAsync(scene, subscription, update, signature).ConfigureAwait(false);
            if (!answer.IsSuccess)
                refused.Add($"{HubSignature.NameOf(method)} ({answer.Status})");
        }

        if (refused.Count > 0)
            throw new CheckFailedException($"it refused what was rightly signed with {string.Join(", ", refused)}");
    }

    private static async Task TakesCapitalsAsync(SubscriberBench bench)
    {
        var (scene, subscription, method) = await bench.SignedAsync().ConfigureAwait(false);
        var update = Update.Of(scene.Kind);
        var hash = SubscriberBench.Sign(subscription, method, update.Body).Split('=')[1];
        await ExpectTakenAsync(bench, scene, subscription, update, $"{HubSignature.NameOf(method)}={hash.ToUpperInvariant()}")
            .ConfigureAwait(false);
    }

    private static async Task IgnoresTheUnaskedAsync(SubscriberBench bench)
    {
        var (scene, subscription) = await bench.SubscribedAsync().ConfigureAwait(false);
        if (subscription.Secret is { Length: > 0 })
            throw new CheckSkippedException("it gave a secret");
        if (!(await bench.DeliveredAsync().ConfigureAwait(false)).Answer.IsSuccess)
            throw new CheckSkippedException("no update is answered 2xx; see S22");
        var update = Update.Of(scene.Kind);
        await ExpectTakenAsync(bench, scene, subscription, update, HubSignature.Compute(SignatureMethod.Sha1, "another"u8, update.Body))
            .ConfigureAwait(false);
    }

    private static async Task IgnoresMismatchAsync(SubscriberBench bench)
    {
        var (scene, subscription, method) = await bench.SignedAsync().ConfigureAwait(false);
        var (first, second) = (Update.Of(scene.Kind), Update.Of(scene.Kind));
        var byAnother = HubSignature.Compute(method, "another"u8, first.Body);
        await ExpectIgnoredAsync(bench, scene, subscription, first, byAnother, "a signature by another secret").ConfigureAwait(false);
        var forAnother = SubscriberBench.Sign(subscription, method, Update.Of(scene.Kind).Body);
        await ExpectIgnoredAsync(bench, scene, subscription, second, forAnother, "the signature of another").ConfigureAwait(false);
    }

    private static async Task IgnoresTheBeginningAsync(SubscriberBench bench)
    {
        var (scene, subscription, method) = await bench.SignedAsync().ConfigureAwait(false);
        var update = Update.Of(scene.Kind);
        var signature = SubscriberBench.Sign(subscription, method, update.Body);
        await ExpectIgnoredAsync(
                bench,
                scene,
                subscription,
                update,
                signature[..(signature.IndexOf('=', StringComparison.Ordinal) + 1 + ShortHash)],
                "the beginning of its signature"
            )
            .ConfigureAwait(false);
    }

    private static async Task IgnoresTheUnsignedAsync(SubscriberBench bench)
    {
        var (scene, subscription, _) = await bench.SignedAsync().ConfigureAwait(false);
        await ExpectIgnoredAsync(bench, scene, subscription, Update.Of(scene.Kind), signature: null, "no signature").ConfigureAwait(false);
    }

    [SuppressMessage(
        "Security",
        "CA5351:Do Not Use Broken Cryptographic Algorithms",
        Justification = "The check is that the subscriber does not take it."
    )]
    private static async Task IgnoresMd5Async(SubscriberBench bench)
    {
        var (scene, subscription, _) = await bench.SignedAsync().ConfigureAwait(false);
        var update = Update.Of(scene.Kind);
        var hash = HMACMD5.HashData(Encoding.UTF8.GetBytes(subscription.Secret!), update.Body);
        await ExpectIgnoredAsync(bench, scene, subscription, update, $"md5={Convert.ToHexStringLower(hash)}", "an md5 signature")
            .ConfigureAwait(false);
    }

    private static async Task ExpectTakenAsync(
        SubscriberBench bench,
        TopicScene scene,
        HubRequest subscription,
        Update update,
        string signature
    )
    {
        var answer = await bench.DeliverAsync(scene, subscription, update, signature).ConfigureAwait(false);
        if (!answer.IsSuccess)
            throw new CheckFailedException($"it answered {answer.Status}; 200 would be right");
    }

    private static async Task ExpectIgnoredAsync(
        SubscriberBench bench,
        TopicScene scene,
        HubRequest subscription,
        Update update,
        string? signature,
        string with
    )
    {
        var answer = await bench.DeliverAsync(scene, subscription, update, signature).ConfigureAwait(false);
        await bench.ExpectIgnoredAsync(scene, subscription, update, answer, $"an update with {with}").ConfigureAwait(false);
    }
}
