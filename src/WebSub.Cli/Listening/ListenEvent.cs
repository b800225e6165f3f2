using System.Text.Json.Serialization;

namespace WebSub.Cli.Listening;

/// <summary>A line of <c>listen --json</c>; what does not apply is left out.</summary>
internal sealed record ListenEvent
{
    /// <summary>discovered, subscribed, verified, denied, notification, rejected, renewed, expired, failed or unsubscribed.</summary>
    [JsonPropertyOrder(-1)]
    public required string Event { get; init; }

    [JsonPropertyOrder(-1)]
    public required string Topic { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? Resource { get; init; }

    public IReadOnlyList<string>? Hubs { get; init; }

    public string? Hub { get; init; }

    public string? Callback { get; init; }

    public bool? Signed { get; init; }

    public long? LeaseSeconds { get; init; }

    public DateTimeOffset? LeaseEnd { get; init; }

    public string? Reason { get; init; }

    public string? ContentType { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    public string? Body { get; init; }

    /// <summary>In place of <see cref="Body"/> where that is no text.</summary>
    public byte[]? BodyBase64 { get; init; }

    /// <summary>Why it is no text.</summary>
    public string? Note { get; init; }

    /// <summary>valid or none.</summary>
    public string? Signature { get; init; }

    public string? DeliveryId { get; init; }
}
