using System.Text;
using WebSub.Conformance.Checks;
using WebSub.Conformance.Peers;
using WebSub.Protocol;
using WebSub.Signatures;

namespace WebSub.Conformance.Hub;

/// <summary>Which secret a delivery is signed with.</summary>
internal static class Signed
{
    /// <exception cref="CheckFailedException">It is signed with the wrong one.</exception>
    /// <exception cref="CheckSkippedException">It is signed with neither.</exception>
    public static void With(string right, string wrong, ReceivedRequest delivery)
    {
        if (By(right, delivery))
            return;
        throw By(wrong, delivery)
            ? new CheckFailedException($"the delivery is signed with \"{wrong}\"; \"{right}\" would be right")
            : new CheckSkippedException("the delivery is signed with neither of the two secrets; see H31 and C1 to C3");
    }

    private static bool By(string secret, ReceivedRequest delivery) =>
        HubSignature.Verify(delivery[HubHeaders.Signature], Encoding.UTF8.GetBytes(secret), delivery.Body) == SignatureVerdict.Valid;
}
