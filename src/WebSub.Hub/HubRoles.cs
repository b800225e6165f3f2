using System.Text.Json.Serialization;

namespace WebSub.Hub;

/// <summary>What a node does, where several share a PostgreSQL database.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HubRoles>))]
public enum HubRoles
{
    /// <summary>Everything.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>
    /// Takes in requests, content and messages; verifying, fetching and delivering are left to the nodes with another role.
    /// </summary>
    [JsonStringEnumMemberName("intake")]
    Intake,

    /// <summary>
    /// Verifies, fetches and delivers; the hub's endpoint and those of predicates answer 503. Event streams, the administration API and
    /// the dashboard answer on every node.
    /// </summary>
    [JsonStringEnumMemberName("delivery")]
    Delivery,
}
