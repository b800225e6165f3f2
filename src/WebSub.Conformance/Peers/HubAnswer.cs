namespace WebSub.Conformance.Peers;

/// <summary>What the hub answered to a request of ours.</summary>
/// <param name="Status">The status.</param>
/// <param name="MediaType">The media type; null if there is none.</param>
/// <param name="Said">How its body begins, for a sentence: one line without secrets.</param>
internal sealed record HubAnswer(int Status, string? MediaType, string Said)
{
    public bool IsAccepted => Status is >= 200 and < 300;
}
