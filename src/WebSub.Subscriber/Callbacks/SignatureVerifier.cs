using WebSub.Signatures;
using WebSub.Subscriber.Subscriptions;
using WebSub.Values;

namespace WebSub.Subscriber.Callbacks;

/// <summary>Checks a delivery's signature against what the subscription knows.</summary>
internal static class SignatureVerifier
{
    /// <summary>
    /// Null if the delivery may be handled, else what is wrong with it. While a new secret awaits confirmation, both the old and the new
    /// one are valid: the hub switches some time between our request and its next delivery. Without a secret every delivery is valid (C10).
    /// </summary>
    public static SignatureVerdict? Check(ConfirmedPart active, PendingRequest? pending, string? header, ReadOnlySpan<byte> body)
    {
        var isChanging = pending is { IsSubscribe: true, SentAt: not null } && pending.CallbackKey == active.CallbackKey;
        if (active.Secret is null || (isChanging && pending!.Secret is null))
            return null;

        var verdict = Verify(header, active.Secret, body);
        if (verdict is not null && isChanging && pending!.Secret != active.Secret && Verify(header, pending.Secret!, body) is null)
            return null;
        return verdict;
    }

    private static SignatureVerdict? Verify(string? header, string secret, ReadOnlySpan<byte> body)
    {
        var verdict = HubSignature.Verify(header, Secret.Parse(secret).Bytes, body);
        return verdict == SignatureVerdict.Valid ? null : verdict;
    }
}
