using System.Text.Json.Serialization;

namespace WebSub.Subscriber.Health;

/// <summary>A page of a hub's history.</summary>
/// <param name="Items">The updates, oldest first.</param>
internal sealed record HistoryPage([property: JsonRequired] IReadOnlyList<HistoryItem> Items);
