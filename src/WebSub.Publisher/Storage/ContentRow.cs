namespace WebSub.Publisher.Storage;

/// <summary>Content to be sent to a hub.</summary>
internal sealed record ContentRow
{
    public long Number { get; init; }

    public string ContentType { get; init; } = "";

    public byte[] Body { get; init; } = [];
}
