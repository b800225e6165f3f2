namespace WebSub.Conformance.Peers;

/// <summary>What the hub answered to a request of ours.</summary>
internal sealed record HubAnswer(int Status, string? MediaType, string Body)
{
    public bool IsAccepted => Status is >= 200 and < 300;
}
