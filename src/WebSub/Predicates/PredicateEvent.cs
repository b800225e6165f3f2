using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSub.Predicates;

/// <summary>
/// What a predicate subscription delivers: a message, or one of the light events about one, <c>message.REF.received</c> and
/// <c>message.REF.status</c>. Check the delivery's signature first: <see cref="Signatures.HubSignature.Verify"/>.
/// </summary>
public sealed record PredicateEvent
{
    /// <summary>The predicate.</summary>
    public required string Predicate { get; init; }

    /// <summary>
    /// The sender's reference for the message; in a light event prefixed with the sender and a colon, <c>AU:invoice-7</c>.
    /// </summary>
    public string? SenderRef { get; init; }

    /// <summary>The subject of the message; not in <c>received</c> events.</summary>
    public string? Subject { get; init; }

    /// <summary>The new status; only in <c>status</c> events.</summary>
    public string? Status { get; init; }

    /// <summary>The message itself; null in a light event.</summary>
    [JsonIgnore]
    public PredicateMessage? Message { get; init; }

    /// <summary>Reads the body of a delivery; <paramref name="error"/> says what is wrong with it.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="delivered">The event, if the body is valid.</param>
    /// <param name="error">Otherwise what is wrong, in a sentence.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> body,
        [NotNullWhen(true)] out PredicateEvent? delivered,
        [NotNullWhen(false)] out string? error
    )
    {
        (delivered, error) = (null, null);
        try
        {
            var light = JsonSerializer.Deserialize<PredicateEvent>(body, PredicateWire.Options);
            if (light is null)
                error = "The delivery is not a JSON object.";
            else
                delivered = light with { Message = ReadMessage(body) };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            error = "The delivery is not an event of a predicate: " + e.Message;
        }

        return delivered is not null;
    }

    private static PredicateMessage? ReadMessage(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.TryGetProperty("obj", out _) ? json.Deserialize<PredicateMessage>(PredicateWire.Options) : null;
    }
}
