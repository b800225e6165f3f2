using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSub.Predicates;

/// <summary>A message of the predicate API: somebody tells somebody something about a subject.</summary>
public sealed record PredicateMessage
{
    /// <summary>Who sends it, for example a country code.</summary>
    public required string Sender { get; init; }

    /// <summary>Whom it is for.</summary>
    public required string Receiver { get; init; }

    /// <summary>What it speaks of.</summary>
    public required string Subject { get; init; }

    /// <summary>Where the document is.</summary>
    public required string Obj { get; init; }

    /// <summary>What it says, as dotted elements from the general to the special; see <see cref="Predicates.Predicate"/>.</summary>
    public required string Predicate { get; init; }

    /// <summary>What the sender calls it; null lets the hub use the reference.</summary>
    public string? SenderRef { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>received</c>, <c>accepted</c> or <c>rejected</c>; null on a new message is <c>pending</c>. A delivery has none:
    /// read the message to know it.
    /// </summary>
    public string? Status { get; init; }

    /// <summary>
    /// Its address at the hub; null on a message that the hub does not know yet, and on a delivery, whose <c>rel=self</c> has it.
    /// </summary>
    public string? Reference { get; init; }

    /// <summary>Further properties; the hub delivers them as they are.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Further { get; init; }
}
