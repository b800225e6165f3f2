using System.Text;
using WebSub.Protocol;

namespace WebSub.Conformance.Peers;

/// <summary>A request that came to one of our peers, as it was sent.</summary>
internal sealed record ReceivedRequest(
    DateTimeOffset At,
    string Method,
    string Target,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[] Body
)
{
    /// <summary>The value of a header; several lines are joined with commas.</summary>
    public string? this[string header]
    {
        get
        {
            var values = All(header).ToList();
            return values.Count == 0 ? null : string.Join(", ", values);
        }
    }

    public string Path => Target.Split('?', 2)[0];

    /// <summary>What follows the question mark; null if there is none.</summary>
    public string? Query => Target.Split('?', 2) is [_, var query] ? query : null;

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The lines of a header.</summary>
    public IEnumerable<string> All(string header) =>
        Headers.Where(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value);

    /// <summary>The parameters of the query that are the hub's: the last of a name, since a callback's own come first.</summary>
    public string? Parameter(string name) =>
        HubFields.TryParse(Encoding.UTF8.GetBytes(Query ?? ""), out var fields, out _) ? fields.All(name).LastOrDefault() : null;
}
