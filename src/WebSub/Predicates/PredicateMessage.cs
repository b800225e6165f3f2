using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSub.Predicates;

/// <summary>A message of the predicate API: from a sender to a receiver, about a subject.</summary>
public sealed record PredicateMessage
{
    /// <summary>The sender, for example a country code.</summary>
    public required string Sender { get; init; }

    /// <summary>The receiver.</summary>
    public required string Receiver { get; init; }

    /// <summary>The subject.</summary>
    public required string Subject { get; init; }

    /// <summary>Where the document is.</summary>
    public required string Obj { get; init; }

    /// <summary>What it says, as dotted elements from general to specific; see <see cref="Predicates.Predicate"/>.</summary>
    public required string Predicate { get; init; }

    /// <summary>The sender's reference; null lets the hub use its own reference.</summary>
    public string? SenderRef { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>received</c>, <c>accepted</c> or <c>rejected</c>; null on a new message is <c>pending</c>. A delivery has none:
    /// read the message to get it.
    /// </summary>
    public string? Status { get; init; }

    /// <summary>
    /// Its address at the hub; null on a message that the hub does not know yet, and on a delivery, where <c>rel=self</c> has it.
    /// </summary>
    public string? Reference { get; init; }

    /// <summary>Additional properties; the hub delivers them unchanged.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Further { get; init; }
}
