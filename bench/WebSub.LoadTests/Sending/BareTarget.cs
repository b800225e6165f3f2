using System.Text;

namespace WebSub.LoadTests.Sending;

/// <summary>Where and how the bare loop sends: as the hub would for the same subscription.</summary>
/// <param name="Callback">The callback.</param>
/// <param name="Secret">The secret.</param>
/// <param name="Link">The Link header.</param>
/// <param name="DeliveryId">The delivery id, without its sequence.</param>
internal sealed record BareTarget(Uri Callback, byte[] Secret, string Link, string DeliveryId)
{
    public static BareTarget For(Subscription subscription, string hub) =>
        new(
            new(subscription.Callback),
            Encoding.UTF8.GetBytes(subscription.Secret),
            $"<{hub}>; rel=\"hub\", <{subscription.Topic}>; rel=\"self\"",
            $"{subscription.Topic.GetHashCode(StringComparison.Ordinal):x16}/"
        );
}
