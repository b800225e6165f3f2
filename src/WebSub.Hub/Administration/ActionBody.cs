namespace WebSub.Hub.Administration;

/// <summary>What comes with an action; each takes what concerns it.</summary>
/// <param name="Reason">Why, for the audit log and for a subscriber whose subscription is revoked.</param>
/// <param name="Origin">The origin of callbacks.</param>
/// <param name="Topic">The topic of dead letters.</param>
/// <param name="From">The first sequence of a replay, or the time from which on dead letters were given up.</param>
/// <param name="To">The last sequence of a replay, or the time before which they were.</param>
internal sealed record ActionBody(
    string? Reason = null,
    string? Origin = null,
    string? Topic = null,
    System.Text.Json.JsonElement? From = null,
    System.Text.Json.JsonElement? To = null
)
{
    public static long? Sequence(System.Text.Json.JsonElement? value, string name) =>
        value is not { ValueKind: not System.Text.Json.JsonValueKind.Null } given ? null
        : given.ValueKind == System.Text.Json.JsonValueKind.Number && given.TryGetInt64(out var number) ? number
        : throw new HubFieldException(name, "It must be the sequence of an entry, a number.");

    public static DateTimeOffset? Time(System.Text.Json.JsonElement? value, string name) =>
        value is not { ValueKind: not System.Text.Json.JsonValueKind.Null } given ? null
        : given.ValueKind == System.Text.Json.JsonValueKind.String && given.TryGetDateTimeOffset(out var time) ? time
        : throw new HubFieldException(name, "It must be a time, such as 2026-11-27T08:00:00Z.");
}
