using WebSub.Conformance.Peers;
using WebSub.Protocol;

namespace WebSub.Conformance.Subscriber;

/// <summary>A request for a subscription or its end, and how its verification was answered.</summary>
/// <param name="Received">The request.</param>
/// <param name="Form">Its fields; none if they are not UTF-8.</param>
/// <param name="Challenge">The challenge of its verification.</param>
/// <param name="Verification">What the callback answered to that; fails if it did not.</param>
internal sealed record HubRequest(ReceivedRequest Received, HubFields Form, string Challenge, Task<CallbackAnswer> Verification)
{
    public string? Mode => Form[HubParameters.Mode];

    public string? Topic => Form[HubParameters.Topic];

    public string? Callback => Form[HubParameters.Callback];

    public string? Secret => Form[HubParameters.Secret];

    public DateTimeOffset At => Received.At;
}
