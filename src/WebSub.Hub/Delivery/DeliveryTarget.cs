using WebSub.Hub.Storage;
using WebSub.Signatures;
using WebSub.Values;

namespace WebSub.Hub.Delivery;

/// <summary>Where and how to deliver to one subscription: its row, read once.</summary>
internal sealed class DeliveryTarget
{
    private DeliveryTarget(SubscriptionRow row, Uri callback, SignatureMethod method, TopicHeaders topic)
    {
        Row = row;
        Callback = callback;
        Origin = $"{callback.Scheme}://{callback.Authority}";
        Method = method;
        Topic = topic;
    }

    public SubscriptionRow Row { get; }

    public Uri Callback { get; }

    public string Origin { get; }

    public SignatureMethod Method { get; }

    public TopicHeaders Topic { get; }

    public static DeliveryTarget For(SubscriptionRow row, TopicHeaders topic, SignatureMethod preset)
    {
        if (!VerbatimUrl.TryCreate(row.Callback, out var callback, out var error)) throw new InvalidOperationException($"The stored callback {row.Callback} {error}.");
        return new(row, callback, HubSignature.TryParseMethod(row.SignatureMethod, out var asked) ? asked : preset, topic);
    }
}
