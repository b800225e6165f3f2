using System.Text;
using System.Text.RegularExpressions;
using WebSub.Http;
using WebSub.Hub.Subscribing;
using WebSub.Predicates;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Hub.Predicates;

/// <summary>
/// Reads the form of <c>POST /subscriptions</c> (IG-3, IG-4) and reports all of its errors at once. Unknown fields are ignored.
/// </summary>
internal static partial class PredicateForm
{
    /// <summary>The lease, in seconds, of a request that does not ask for one: 5 days.</summary>
    public const long DefaultLease = 432_000;

    /// <summary>The shortest lease, in seconds: an hour.</summary>
    public const long MinLease = 3_600;

    /// <summary>The longest lease, in seconds: 365 days.</summary>
    public const long MaxLease = 31_536_000;

    private const int MaxShown = 200;
    private const int MaxTokenBytes = 2048;
    private static readonly string[] Required = [HubParameters.Topic, HubParameters.Callback, HubParameters.Mode];
    private static readonly string[] Single = [.. Required, HubParameters.LeaseSeconds, HubParameters.Secret, HubParameters.VerifyToken];
    private static readonly string[] Modes = [HubModes.Subscribe, HubModes.Unsubscribe];

    /// <summary>The request or the errors.</summary>
    public static (IncomingRequest? Request, IReadOnlyList<PredicateError> Errors) Read(HubFields fields, AddressGuard guard)
    {
        var errors = new List<PredicateError>();
        var missing = Required.Where(name => fields[name] is null).ToList();
        if (missing.Count > 0)
            errors.Add(PredicateError.MissingAttributes(missing));
        errors.AddRange(Single.Where(name => fields.All(name).Skip(1).Any()).Select(PredicateError.Repeated));

        var callback = ReadCallback(fields[HubParameters.Callback], guard, errors);
        PredicateTopic? topic = null;
        if (fields[HubParameters.Topic] is { } text && !PredicateTopic.TryParse(text, out topic, out var fault))
            errors.Add(PredicateError.Topic(fault));
        var lease = ReadLease(fields[HubParameters.LeaseSeconds], errors);
        var mode = fields[HubParameters.Mode];
        if (mode is not null && !Modes.Contains(mode, StringComparer.Ordinal))
            errors.Add(PredicateError.UnknownMode(Shorten(mode), Modes));
        var secret = ReadSecret(fields[HubParameters.Secret], errors);
        if (errors.Count > 0)
            return (null, errors);

        var token = fields[HubParameters.VerifyToken];
        return (
            new(
                new()
                {
                    Mode = mode!,
                    Topic = topic!.Value,
                    Pattern = topic.Key,
                    Callback = callback!.Value,
                    LeaseSeconds = lease,
                    // Old subscribers recognise their requests by it; none of them sends what cannot be stored.
                    VerifyToken = token is not null && IsToken(token) ? token : null,
                },
                secret
            ),
            []
        );
    }

    private static bool IsToken(string text) =>
        Encoding.UTF8.GetByteCount(text) <= MaxTokenBytes && !text.Contains('\0', StringComparison.Ordinal);

    private static Callback? ReadCallback(string? text, AddressGuard guard, List<PredicateError> errors)
    {
        if (text is null)
            return null;
        Callback? callback = null;
        var fault = SchemeFault(text) ?? (Callback.TryParse(text, out callback, out var error) ? null : $"URL {error}");
        if (fault is null && !guard.AllowsHostOf(callback!.Uri))
            fault =
                "URL is a private or local address, which this hub does not reach. "
                + $"Its operator can allow it with {AddressGuard.Setting}=true";
        if (fault is null)
            return callback;
        errors.Add(PredicateError.Callback(fault));
        return null;
    }

    private static string? SchemeFault(string text)
    {
        var match = UrlStart().Match(text);
        if (!match.Success)
            return "URL must contain scheme";
        var scheme = match.Groups["scheme"].Value.ToLowerInvariant();
        if (scheme is not ("http" or "https"))
            return $"Unsupported url scheme: \"{Shorten(scheme)}\". Must be one of: ['http', 'https'].";
        return match.Groups["host"].Length == 0 ? "URL must contain domain or ip" : null;
    }

    // An empty lease counts as omitted, since HTML forms send it like that. It is checked on unsubscribe too, as in the intergov API.
    private static long ReadLease(string? text, List<PredicateError> errors)
    {
        if (string.IsNullOrEmpty(text))
            return DefaultLease;
        var isNumber = LeaseSeconds.TryParse(text, out var seconds);
        if (!isNumber || seconds is < MinLease or > MaxLease)
            errors.Add(PredicateError.LeaseSeconds(isNumber ? seconds : Shorten(text), MinLease, MaxLease));
        return seconds;
    }

    // An empty secret counts as none: intergov's own subscribers send one.
    private static Secret? ReadSecret(string? text, List<PredicateError> errors)
    {
        Secret? secret = null;
        if (!string.IsNullOrEmpty(text) && !Secret.TryParse(text, out secret, out var fault))
            errors.Add(PredicateError.Secret(fault));
        return secret;
    }

    private static string Shorten(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";

    [GeneratedRegex(@"\A(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):(//(?<host>[^/?#]*))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UrlStart();
}
