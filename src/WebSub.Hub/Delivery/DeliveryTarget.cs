using WebSub.Hub.Storage;
using WebSub.Secrets;
using WebSub.Signatures;
using WebSub.Values;

namespace WebSub.Hub.Delivery;

/// <summary>Where and how to deliver to one subscription: its row, read once.</summary>
internal sealed class DeliveryTarget
{
    private DeliveryTarget(SubscriptionRow row, Uri callback, byte[]? secret, SignatureMethod method, TopicHeaders topic)
    {
        Row = row;
        Secret = secret;
        Callback = callback;
        Origin = $"{callback.Scheme}://{callback.Authority}";
        Method = method;
        Topic = topic;
    }

    public SubscriptionRow Row { get; }

    public Uri Callback { get; }

    public string Origin { get; }

    /// <summary>The HMAC key; null asks for no signature.</summary>
    public byte[]? Secret { get; }

    public SignatureMethod Method { get; }

    public TopicHeaders Topic { get; }

    /// <summary>The same target, which gets entries up to this one in full.</summary>
    public DeliveryTarget FullUntil(long sequence) => new(Row with { FullUntil = sequence }, Callback, Secret, Method, Topic);

    public static DeliveryTarget For(SubscriptionRow row, TopicHeaders topic, SecretOpener secrets, SignatureMethod preset)
    {
        if (!VerbatimUrl.TryCreate(row.Callback, out var callback, out var error)) throw new InvalidOperationException($"The stored callback {row.Callback} {error}.");
        return new(row, callback, row.Secret is null ? null : secrets.Open(row.Secret), HubSignature.TryParseMethod(row.SignatureMethod, out var asked) ? asked : preset, topic);
    }
}
