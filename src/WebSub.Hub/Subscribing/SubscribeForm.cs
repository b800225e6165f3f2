using System.Text;
using WebSub.Http;
using WebSub.Protocol;
using WebSub.Signatures;
using WebSub.Values;

namespace WebSub.Hub.Subscribing;

/// <summary>
/// Reads a subscribe or unsubscribe form (§5.1). Unknown fields are kept, not refused (H5); an error is reported in one sentence.
/// </summary>
internal static class SubscribeForm
{
    private const int MaxTokenBytes = 2048;

    /// <summary>
    /// How much of the unknown fields is kept: they stay as long as their subscription and must not fill the database.
    /// </summary>
    private const int MaxUnknownBytes = 2048;

    private static readonly string[] Single =
    [
        HubParameters.Mode,
        HubParameters.Topic,
        HubParameters.Callback,
        HubParameters.LeaseSeconds,
        HubParameters.Secret,
        HubParameters.VerifyToken,
        HubParameters.SignatureMethod,
        HubParameters.Content,
        HubParameters.Delivery,
        HubParameters.Initial,
    ];

    /// <summary>The request to store, or the sentence for a 400.</summary>
    public static (IncomingRequest? Request, string? Error) Read(HubFields fields, LeaseOptions lease, AddressGuard guard)
    {
        foreach (var name in Single)
        {
            if (fields.All(name).Skip(1).Any())
                return (null, $"{name} is given more than once; give it once.");
        }

        if (!TryReadTopic(fields, guard, out var topic, out var error))
            return (null, error);
        if (!Callback.TryParse(fields[HubParameters.Callback], out var callback, out error))
            return (null, $"hub.callback {error}.");
        if (!guard.AllowsHostOf(callback.Uri))
            return (null, Private("hub.callback", callback.Value));
        if (!TryReadLease(fields, out var seconds))
            return (
                null,
                $"hub.lease_seconds is \"{Shorten(fields[HubParameters.LeaseSeconds]!)}\"; it must be a whole number of seconds."
            );
        if (!TryReadSecret(fields, out var secret, out error))
            return (null, $"hub.secret {error}.");
        var method = fields[HubParameters.SignatureMethod];
        if (method is not null && !HubSignature.TryParseMethod(method, out _))
            return (null, $"hub.signature_method is \"{Shorten(method)}\"; it must be sha1, sha256, sha384 or sha512.");
        if (Choice(fields, HubParameters.Content, "full", "diff") is { } wrongContent)
            return (null, wrongContent);
        if (Choice(fields, HubParameters.Delivery, "all", "latest") is { } wrongDelivery)
            return (null, wrongDelivery);
        if (Choice(fields, HubParameters.Initial, "true", "false") is { } wrongInitial)
            return (null, wrongInitial);
        var token = fields[HubParameters.VerifyToken];
        if (token is not null && Encoding.UTF8.GetByteCount(token) > MaxTokenBytes)
            return (null, $"hub.verify_token is longer than {MaxTokenBytes} bytes.");
        // PostgreSQL cannot store it.
        if (token?.Contains('\0', StringComparison.Ordinal) == true)
            return (null, "hub.verify_token contains a NUL character.");

        return (
            new(
                new()
                {
                    Mode = fields[HubParameters.Mode]!,
                    Topic = topic!,
                    Callback = callback.Value,
                    LeaseSeconds = lease.Grant(seconds),
                    SignatureMethod = method,
                    Content = fields[HubParameters.Content],
                    Delivery = fields[HubParameters.Delivery],
                    Initial = fields[HubParameters.Initial] == "true",
                    VerifyToken = token,
                    Parameters = Unknown(fields),
                },
                secret
            ),
            null
        );
    }

    // Whether a topic that is not a URL is registered is for the policy to decide.
    private static bool TryReadTopic(HubFields fields, AddressGuard guard, out string? topic, out string? error)
    {
        (topic, error) = (fields[HubParameters.Topic], null);
        if (string.IsNullOrEmpty(topic))
            error = "hub.topic is missing.";
        else if (Encoding.UTF8.GetByteCount(topic) > VerbatimUrl.MaxBytes)
            error = $"hub.topic is longer than {VerbatimUrl.MaxBytes} bytes.";
        else if (UnfitCharacter.IsIn(topic))
            error = $"hub.topic {UnfitCharacter.Fault}.";
        else if (Topic.TryParse(topic, out var url, out _) && !guard.AllowsHostOf(url.Uri))
            error = Private("hub.topic", topic);
        return error is null;
    }

    // H4: the lease of an unsubscribe request is ignored.
    private static bool TryReadLease(HubFields fields, out long? seconds)
    {
        seconds = null;
        var text = fields[HubParameters.LeaseSeconds];
        if (string.IsNullOrEmpty(text) || fields[HubParameters.Mode] == HubModes.Unsubscribe)
            return true;
        var valid = LeaseSeconds.TryParse(text, out var value);
        seconds = value;
        return valid;
    }

    // An empty secret counts as none: an HMAC with an empty key would prove nothing.
    private static bool TryReadSecret(HubFields fields, out Secret? secret, out string? error)
    {
        (secret, error) = (null, null);
        return string.IsNullOrEmpty(fields[HubParameters.Secret]) || Secret.TryParse(fields[HubParameters.Secret], out secret, out error);
    }

    private static string? Choice(HubFields fields, string name, string one, string other) =>
        fields[name] is { } value && value != one && value != other
            ? $"{name} is \"{Shorten(value)}\"; it must be {one} or {other}."
            : null;

    private static string? Unknown(HubFields fields)
    {
        var rest = new HubFields();
        foreach (var (name, value) in fields.Items.Where(i => !Single.Contains(i.Key, StringComparer.Ordinal)))
        {
            var longer = new HubFields(rest.Items).Add(name, value);
            if (longer.ToString().Length > MaxUnknownBytes)
                break;
            rest = longer;
        }

        return rest.Items.Count == 0 ? null : rest.ToString();
    }

    private static string Private(string name, string url) =>
        $"{name} {url} is a private or local address, which this hub does not reach. "
        + $"Its operator can allow it with {AddressGuard.Setting}=true.";

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
