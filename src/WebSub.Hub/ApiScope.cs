using System.Text.Json.Serialization;

namespace WebSub.Hub;

/// <summary>What a caller with a key may do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ApiScope>))]
public enum ApiScope
{
    /// <summary>Push content, register topics, and ping where pings need a key.</summary>
    [JsonStringEnumMemberName("publish")]
    Publish,

    /// <summary>Read what the hub holds: topics, history, subscriptions.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>Change what the hub holds: pause, revoke, replay, hand out keys.</summary>
    [JsonStringEnumMemberName("administer")]
    Administer,
}
