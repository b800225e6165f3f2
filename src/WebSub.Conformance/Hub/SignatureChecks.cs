using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using WebSub.Signatures;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Hub.HubBench>;

namespace WebSub.Conformance.Hub;

/// <summary>How a hub signs (§7.1).</summary>
internal static class SignatureChecks
{
    private const string Secret = "a secret of this check";
    private static readonly string[] Methods = ["sha1", "sha256", "sha384", "sha512"];

    public static readonly IReadOnlyList<Check<HubBench>> All =
    [
        Must("H31", "7", "It signs if there is a secret.", SignsAsync),
        Should("H32", "5.1", "Without a secret there is no signature.", SignsNothingUnaskedAsync),
        Must("C1", "7.1", "X-Hub-Signature is method=signature, the signature in hexadecimal.", HasTheFormAsync),
        Must("C2", "7.1", "The method is sha1, sha256, sha384 or sha512, in lower case.", HasAKnownMethodAsync),
        Must("C3", "7.1", "The signature is the HMAC of the body as it was sent, with the secret as its key.", IsTheHmacAsync),
        Should("C7", "8.3", "The method is at least SHA-256.", IsStrongAsync),
    ];

    private static async Task SignsAsync(HubBench bench)
    {
        var delivery = await DeliverAsync(bench, Secret).ConfigureAwait(false);
        if (delivery[HubHeaders.Signature] is null)
            throw new CheckFailedException("the delivery to a subscription with a secret has no X-Hub-Signature");
    }

    private static async Task SignsNothingUnaskedAsync(HubBench bench)
    {
        var delivery = await DeliverAsync(bench, secret: null).ConfigureAwait(false);
        if (delivery[HubHeaders.Signature] is { } signature)
            throw new CheckFailedException($"the delivery to a subscription without a secret has X-Hub-Signature: {signature}");
    }

    private static async Task HasTheFormAsync(HubBench bench)
    {
        var signature = (await SignedAsync(bench).ConfigureAwait(false)).Header;
        if (!HasTheForm(signature))
            throw new CheckFailedException($"the header is \"{signature}\"; for example sha256=5f0c… would be right");
    }

    private static async Task HasAKnownMethodAsync(HubBench bench)
    {
        var method = Method((await SignedAsync(bench).ConfigureAwait(false)).Header);
        if (!Methods.Contains(method, StringComparer.Ordinal))
            throw new CheckFailedException($"the method is \"{method}\"; one of {string.Join(", ", Methods)} would be right");
    }

    private static async Task IsTheHmacAsync(HubBench bench)
    {
        var (delivery, header) = await SignedAsync(bench).ConfigureAwait(false);
        if (!HasTheForm(header) || !HubSignature.TryParseMethod(Method(header), out var method))
            throw new CheckSkippedException("the header cannot be read; see C1 and C2");
        var right = HubSignature.Compute(method, Encoding.UTF8.GetBytes(Secret), delivery.Body);
        if (!right.Equals(header, StringComparison.OrdinalIgnoreCase))
            throw new CheckFailedException(
                $"the header is \"{header}\"; \"{right}\" would be right for the {delivery.Body.Length} bytes that came"
            );
    }

    private static async Task IsStrongAsync(HubBench bench)
    {
        if (Method((await SignedAsync(bench).ConfigureAwait(false)).Header) == "sha1")
            throw new CheckFailedException("the method is sha1");
    }

    private static bool HasTheForm(string header) =>
        header.Split('=') is [{ Length: > 0 }, { Length: > 0 } signature] && signature.All(char.IsAsciiHexDigit);

    private static string Method(string header) => header.Split('=')[0];

    private static async Task<(ReceivedRequest Delivery, string Header)> SignedAsync(HubBench bench)
    {
        var delivery = await DeliverAsync(bench, Secret).ConfigureAwait(false);
        return (delivery, delivery[HubHeaders.Signature] ?? throw new CheckSkippedException("the delivery is not signed; see H31"));
    }

    private static async Task<ReceivedRequest> DeliverAsync(HubBench bench, string? secret)
    {
        var (topic, callback) = (bench.Topic(), bench.Callback());
        (string, string)[] more = secret is null ? [] : [(HubParameters.Secret, secret)];
        await bench.SubscribeAsync(callback, topic, more).ConfigureAwait(false);
        await bench.UpdateAsync(topic, "update 1, with an é").ConfigureAwait(false);
        return await bench.DeliveryAsync(topic, callback, "update 1").ConfigureAwait(false);
    }
}
