namespace WebSub.Publisher.Storage;

/// <summary>Content that a hub is to be given.</summary>
internal sealed record ContentRow
{
    public long Number { get; init; }

    public string ContentType { get; init; } = "";

    public byte[] Body { get; init; } = [];
}
