using WebSub.Storage;

namespace WebSub.Subscriber.Storage;

/// <summary>A row of <c>inbox</c> without headers and body, for lists.</summary>
internal sealed record InboxItemRow
{
    public long Id { get; init; }

    public string SubscriptionId { get; init; } = "";

    public string Topic { get; init; } = "";

    public string? DeliveryId { get; init; }

    public string? ContentType { get; init; }

    public long Length { get; init; }

    public DatabaseTime ReceivedAt { get; init; }

    public string State { get; init; } = "";

    public long Attempts { get; init; }

    public DatabaseTime? Due { get; init; }

    public DatabaseTime? FinishedAt { get; init; }

    public string? LastError { get; init; }
}
