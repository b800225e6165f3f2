using System.Text.Json.Serialization;

namespace WebSub.Hub;

/// <summary>What a subscription is doing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HubSubscriptionState>))]
public enum HubSubscriptionState
{
    /// <summary>It has had everything its lane has had.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>It has yet to get entries that others have had.</summary>
    [JsonStringEnumMemberName("behind")]
    Behind,

    /// <summary>An operator has paused it, its topic or its origin.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>Its lease has ended; it is about to be removed.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,
}
