using WebSub.Storage;

namespace WebSub.Publisher.Storage;

/// <summary>An update that waits to be taken in.</summary>
internal sealed record WaitingPing
{
    public long Id { get; init; }

    public string Topic { get; init; } = "";

    public bool HasContent { get; init; }

    public string? TraceParent { get; init; }

    public DatabaseTime PublishedAt { get; init; }
}
