using System.Text.Json.Serialization;

namespace WebSub.Subscriber.Managing;

/// <summary>A subscription as websubsub's <c>dumpdata</c> writes its fields.</summary>
internal sealed record DumpedSubscription
{
    /// <summary>The model that these fields are of.</summary>
    public const string Model = "websubsub.subscription";

    [JsonIgnore]
    public Guid Id { get; init; }

    [JsonPropertyName("hub_url")]
    public string? HubUrl { get; init; }

    [JsonPropertyName("topic")]
    public string? Topic { get; init; }

    [JsonPropertyName("callback_urlname")]
    public string? CallbackName { get; init; }

    [JsonPropertyName("callback_url")]
    public string? CallbackUrl { get; init; }

    [JsonPropertyName("time_created")]
    public DateTimeOffset? CreatedAt { get; init; }

    [JsonPropertyName("time_last_event_received")]
    public DateTimeOffset? ReceivedAt { get; init; }

    [JsonPropertyName("lease_expiration_time")]
    public DateTimeOffset? LeaseEnd { get; init; }

    [JsonPropertyName("subscribe_status")]
    public string? SubscribeStatus { get; init; }

    [JsonPropertyName("unsubscribe_status")]
    public string? UnsubscribeStatus { get; init; }

    /// <summary>True if its hub delivers to the callback of the Django project.</summary>
    public bool IsVerified(DateTimeOffset now) =>
        SubscribeStatus == "verified" && UnsubscribeStatus is null && CallbackUrl is { Length: > 0 } && LeaseEnd > now;
}
