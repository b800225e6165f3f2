using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>A hub that this process alone may send to, until the claim ends.</summary>
internal sealed record HubClaim
{
    public HubId Id { get; init; }

    public string Url { get; init; } = "";

    /// <summary>How many times in a row the hub did not answer.</summary>
    public long Failures { get; init; }

    public long Epoch { get; init; }

    public DatabaseTime ClaimedUntil { get; init; }
}
