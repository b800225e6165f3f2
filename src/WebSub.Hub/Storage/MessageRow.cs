namespace WebSub.Hub.Storage;

/// <summary>A stored message.</summary>
internal sealed record MessageRow
{
    public byte[] Content { get; init; } = [];

    public string Status { get; init; } = "";
}
