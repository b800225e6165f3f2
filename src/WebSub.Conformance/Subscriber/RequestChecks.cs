using System.Net.Http.Headers;
using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Values;
using static WebSub.Conformance.Checks.Check<WebSub.Conformance.Subscriber.SubscriberBench>;

namespace WebSub.Conformance.Subscriber;

/// <summary>What it sends to a hub (§5.1).</summary>
internal static class RequestChecks
{
    private const int LongestSecret = 199;
    private const int LeastSecret = 16;
    private const int LeastKey = 16;

    public static readonly IReadOnlyList<Check<SubscriberBench>> All =
    [
        Must("S2", "5.1", "The request is a POST of application/x-www-form-urlencoded.", IsAFormAsync),
        Must("S3", "5.1", "The form is in UTF-8.", IsUtf8Async),
        Must("S4", "5.1", "It has hub.mode, hub.topic and hub.callback, an absolute http or https URL.", HasWhatIsNeededAsync),
        Should("S6", "5.1", "Each subscription has a callback of its own; none is shared by topics or hubs.", CallbacksDifferAsync),
        Should("S6-secret", "5.1", "A callback cannot be guessed.", CallbacksAreUnguessableAsync),
        Should("S6-https", "5.1", "Callbacks use HTTPS.", CallbacksAreSecureAsync),
        Must("S8", "5.1", "If it asks for a lease, hub.lease_seconds is a positive decimal integer.", AsksForALeaseAsync),
        Should("S9", "5.1", "If it gives secrets, each subscription has its own, too long to be guessed.", SecretsDifferAsync),
        Should("S10", "5.1", "It gives a secret only to a hub that it asks over HTTPS.", KeepsSecretsAsync),
        Must("S11", "5.1", "A secret has less than 200 bytes.", SecretIsShortAsync),
        Should("S28", "8.2", "It gives a secret to a hub that it asks over HTTPS.", GivesASecretAsync),
    ];

    private static async Task IsAFormAsync(SubscriberBench bench)
    {
        var type = (await bench.RequestAsync().ConfigureAwait(false)).Received["Content-Type"];
        if (!MediaTypeHeaderValue.TryParse(type, out var parsed) || !Is(parsed.MediaType, "application/x-www-form-urlencoded"))
            throw new CheckFailedException($"the Content-Type is \"{type}\"; application/x-www-form-urlencoded would be right");
    }

    private static async Task IsUtf8Async(SubscriberBench bench)
    {
        var request = (await bench.RequestAsync().ConfigureAwait(false)).Received;
        if (!HubFields.TryParse(request.Body, out _, out var fault))
            throw new CheckFailedException($"the form cannot be read: {fault}");
        if (
            MediaTypeHeaderValue.TryParse(request["Content-Type"], out var type)
            && type.CharSet is { } charset
            && !Is(charset.Trim('"'), "utf-8")
        )
            throw new CheckFailedException($"the Content-Type has charset={charset}");
    }

    private static async Task HasWhatIsNeededAsync(SubscriberBench bench)
    {
        var form = (await bench.RequestAsync().ConfigureAwait(false)).Form;
        foreach (var name in (string[])[HubParameters.Mode, HubParameters.Topic, HubParameters.Callback])
        {
            var values = form.All(name).ToList();
            if (values.Count != 1)
                throw new CheckFailedException($"the form has {name} {(values.Count == 0 ? "not at all" : "more than once")}");
        }

        if (form[HubParameters.Mode] != HubModes.Subscribe)
            throw new CheckFailedException($"hub.mode is \"{form[HubParameters.Mode]}\"; \"subscribe\" would be right");
        if (!VerbatimUrl.TryCreate(form[HubParameters.Callback], out _, out var fault))
            throw new CheckFailedException($"hub.callback \"{form[HubParameters.Callback]}\" {fault}");
    }

    private static async Task CallbacksDifferAsync(SubscriberBench bench)
    {
        await CallbacksAsync(bench).ConfigureAwait(false);
        // Where a topic has two hubs, both may be asked, one after the other.
        await bench.SettleAsync().ConfigureAwait(false);
        var subscriptions = Enum.GetValues<TopicKind>()
            .Select(bench.Scene)
            .SelectMany(s => s.Hub.Requests.All)
            .Where(r => r is { Mode: HubModes.Subscribe, Callback: not null })
            .Select(r => (Hub: r.Received.Path, Callback: r.Callback!))
            .Distinct()
            .ToList();
        if (subscriptions.GroupBy(s => s.Callback, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } shared)
            throw new CheckFailedException(
                $"{shared.Count()} of {subscriptions.Count} subscriptions have the callback {shared.Key}: "
                    + $"those at {string.Join(" and ", shared.Select(s => s.Hub))}"
            );
    }

    private static async Task CallbacksAreUnguessableAsync(SubscriberBench bench)
    {
        var callbacks = (await CallbacksAsync(bench).ConfigureAwait(false)).Distinct(StringComparer.Ordinal).ToList();
        if (callbacks.Count < 2)
            throw new CheckSkippedException("all subscriptions have the same callback; see S6");
        // Topic and hub in a callback make it unique, and no secret.
        var known = Enum.GetValues<TopicKind>()
            .Select(bench.Scene)
            .SelectMany(s => new[] { s.Self, s.Url, s.Hub.Second, s.Hub.Url })
            .ToList();
        var bare = callbacks.ConvertAll(callback => Without(callback, known));
        var start = bare.Aggregate(SharedStart);
        var guessable = bare.FindIndex(c => c[start.Length..].Count(char.IsAsciiLetterOrDigit) < LeastKey);
        if (guessable >= 0)
            throw new CheckFailedException(
                $"but for topic and hub only \"{bare[guessable][start.Length..]}\" is special to {callbacks[guessable]}; "
                    + $"at least {LeastKey} random letters or digits would be right"
            );
    }

    private static string Without(string callback, List<string> urls) =>
        urls.SelectMany(u => new[] { Uri.EscapeDataString(u), u })
            .OrderByDescending(u => u.Length)
            .Aggregate(callback, (rest, u) => rest.Replace(u, "", StringComparison.Ordinal));

    private static string SharedStart(string a, string b) => a[..a.AsSpan().CommonPrefixLength(b)];

    private static async Task CallbacksAreSecureAsync(SubscriberBench bench)
    {
        var callback = (await CallbacksAsync(bench).ConfigureAwait(false))[0];
        if (!VerbatimUrl.TryCreate(callback, out var url, out _))
            throw new CheckSkippedException("the callback is no URL; see S4");
        if (url.Scheme == Uri.UriSchemeHttps)
            return;
        if (AddressGuard.IsPrivateHost(url))
            throw new CheckSkippedException("the callback is on this machine or network");
        throw new CheckFailedException($"the callback is {callback}");
    }

    private static async Task AsksForALeaseAsync(SubscriberBench bench)
    {
        var text =
            (await bench.RequestAsync().ConfigureAwait(false)).Form[HubParameters.LeaseSeconds]
            ?? throw new CheckSkippedException("it asks for no lease, as it may");
        if (!LeaseSeconds.TryParse(text, out var seconds) || seconds <= 0)
            throw new CheckFailedException($"hub.lease_seconds is \"{text}\"");
    }

    private static async Task SecretsDifferAsync(SubscriberBench bench)
    {
        var secrets = (await bench.RequestsAsync().ConfigureAwait(false)).Select(r => r.Secret).OfType<string>().ToList();
        if (secrets.Count == 0)
            throw new CheckSkippedException("it gave no secret");
        if (secrets.Distinct(StringComparer.Ordinal).Count() < secrets.Count)
            throw new CheckFailedException(
                $"{secrets.Count} subscriptions have {secrets.Distinct(StringComparer.Ordinal).Count()} secrets"
            );
        if (secrets.Find(s => s.Length < LeastSecret) is { } guessable)
            throw new CheckFailedException(
                $"a secret has {guessable.Length} characters; at least {LeastSecret} random ones would be right"
            );
    }

    private static async Task KeepsSecretsAsync(SubscriberBench bench)
    {
        var secret = (await bench.RequestAsync().ConfigureAwait(false)).Secret;
        var hub = new Uri(bench.Scene(TopicKind.Headers).Hub.Url);
        if (secret is null || hub.Scheme == Uri.UriSchemeHttps)
            return;
        if (hub.IsLoopback)
            throw new CheckSkippedException("the hub of this check is on the same machine: nothing travels");
        throw new CheckFailedException("the secret went to the hub over plain http");
    }

    private static async Task SecretIsShortAsync(SubscriberBench bench)
    {
        var secret = (await bench.RequestAsync().ConfigureAwait(false)).Secret ?? throw new CheckSkippedException("it gave no secret");
        var length = Encoding.UTF8.GetByteCount(secret);
        if (length is 0 or > LongestSecret)
            throw new CheckFailedException($"the secret has {length} bytes; 1 to {LongestSecret} would be right");
    }

    private static async Task GivesASecretAsync(SubscriberBench bench)
    {
        var secret = (await bench.RequestAsync().ConfigureAwait(false)).Secret;
        if (secret is not null)
            return;
        throw bench.Scene(TopicKind.Headers).Hub.Url.StartsWith("https:", StringComparison.Ordinal)
            ? new CheckFailedException("it gave no secret")
            : new CheckSkippedException("it gave no secret over plain http, which is right; see S10");
    }

    private static async Task<IReadOnlyList<string>> CallbacksAsync(SubscriberBench bench)
    {
        var callbacks = (await bench.RequestsAsync().ConfigureAwait(false)).Select(r => r.Callback).OfType<string>().ToList();
        return callbacks.Count > 0 ? callbacks : throw new CheckSkippedException("no hub was asked for a subscription; see D7");
    }

    private static bool Is(string? text, string word) => word.Equals(text, StringComparison.OrdinalIgnoreCase);
}
