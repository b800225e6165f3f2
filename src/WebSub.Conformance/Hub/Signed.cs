using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.Conformance.Hub;

/// <summary>Which secret a delivery is signed with.</summary>
internal static class Signed
{
    /// <summary>Whether the hub signs at all, before a question about a second secret is asked.</summary>
    /// <exception cref="CheckSkippedException">It is not signed with the only secret there is.</exception>
    public static void AtFirst(string secret, ReceivedRequest delivery)
    {
        if (!By(secret, delivery))
            throw new CheckSkippedException($"the first delivery is not signed with \"{secret}\"; see H31 and C1 to C3");
    }

    /// <exception cref="CheckFailedException">It is signed with the wrong one, or with neither.</exception>
    public static void With(string right, string wrong, ReceivedRequest delivery)
    {
        if (By(right, delivery))
            return;
        throw new CheckFailedException(
            By(wrong, delivery) ? $"the delivery is signed with \"{wrong}\"; \"{right}\" would be right"
            : delivery[HubHeaders.Signature] is null ? $"the delivery is not signed any more; \"{right}\" would be right"
            : $"the delivery is signed with neither of the two secrets; \"{right}\" would be right"
        );
    }

    private static bool By(string secret, ReceivedRequest delivery) =>
        HubSignature.Verify(delivery[HubHeaders.Signature], Encoding.UTF8.GetBytes(secret), delivery.Body) == SignatureVerdict.Valid;
}
