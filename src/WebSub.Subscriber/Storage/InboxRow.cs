using WebSub.Storage;

namespace WebSub.Subscriber.Storage;

/// <summary>A row of <c>inbox</c>: a notification to be handled, or handled already.</summary>
internal sealed record InboxRow
{
    public long Id { get; init; }

    public string SubscriptionId { get; init; } = "";

    public string Topic { get; init; } = "";

    public string? DeliveryId { get; init; }

    public string Replay { get; init; } = "";

    public string BodyHash { get; init; } = "";

    /// <summary>JSON: name → values.</summary>
    public string Headers { get; init; } = "{}";

    public string? ContentType { get; init; }

    public byte[] Body { get; init; } = [];

    public DatabaseTime ReceivedAt { get; init; }

    /// <summary>The keys of the callbacks over which it has come, each before a space; null if that is not of interest.</summary>
    public string? CallbackKeys { get; init; }

    public string State { get; init; } = InboxState.Waiting;

    public long Attempts { get; init; }

    public DatabaseTime? Due { get; init; }

    public string? LastError { get; init; }

    /// <summary>The name of a <see cref="WebSubNotificationSource"/>.</summary>
    public string Source { get; init; } = nameof(WebSubNotificationSource.Hub);
}
