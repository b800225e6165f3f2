using WebSub.Protocol;

namespace WebSub.Testing;

/// <summary>A GET that a <see cref="FakeSubscriber"/> received: intent verification, denial or hub error.</summary>
/// <param name="Target">Path and query exactly as they came over the wire.</param>
/// <param name="Fields">The fields of the query.</param>
public sealed record FakeVerification(string Target, HubFields Fields)
{
    /// <summary><c>hub.mode</c>.</summary>
    public string? Mode => Fields[HubParameters.Mode];

    /// <summary><c>hub.topic</c>.</summary>
    public string? Topic => Fields[HubParameters.Topic];

    /// <summary><c>hub.challenge</c>.</summary>
    public string? Challenge => Fields[HubParameters.Challenge];

    /// <summary><c>hub.lease_seconds</c>.</summary>
    public string? LeaseSeconds => Fields[HubParameters.LeaseSeconds];

    /// <summary><c>hub.reason</c>.</summary>
    public string? Reason => Fields[HubParameters.Reason];
}
