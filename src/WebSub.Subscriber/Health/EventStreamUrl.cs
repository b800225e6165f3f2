using System.Globalization;

namespace WebSub.Subscriber.Health;

/// <summary>Where a hub of this project shows a topic's log: its own URL with <c>/events</c> at the end of the path.</summary>
internal static class EventStreamUrl
{
    public static string Of(string hub, string topic, long? after)
    {
        var query = hub.IndexOf('?', StringComparison.Ordinal);
        var (path, rest) = query < 0 ? (hub, "?") : (hub[..query], $"{hub[query..]}&");
        var start = after is { } number ? string.Create(CultureInfo.InvariantCulture, $"&after={number}") : "";
        return $"{path.TrimEnd('/')}/events{rest}topic={Uri.EscapeDataString(topic)}{start}";
    }
}
