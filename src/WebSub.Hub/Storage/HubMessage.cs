using System.Text.Json.Nodes;

namespace WebSub.Hub.Storage;

/// <summary>A message that was found sound.</summary>
/// <param name="Reference">Its address: unguessable, given by the hub.</param>
/// <param name="Sender">Who sends it, for example a country code.</param>
/// <param name="SenderRef">What the sender calls it; the reference if he calls it nothing.</param>
/// <param name="Subject">What it speaks of.</param>
/// <param name="Predicate">What it says.</param>
/// <param name="Status">One of <see cref="MessageStatus"/>.</param>
/// <param name="Content">The message as JSON, without its status, which changes while the message does not.</param>
internal sealed record HubMessage(
    string Reference,
    string Sender,
    string SenderRef,
    string Subject,
    string Predicate,
    string Status,
    byte[] Content
)
{
    /// <summary>A message from its content, which was found sound.</summary>
    public static HubMessage Restore(string reference, JsonObject json, string status, byte[] content) =>
        new(
            reference,
            TextOf(json, "sender")!,
            TextOf(json, "sender_ref")!,
            TextOf(json, "subject")!,
            TextOf(json, "predicate")!,
            status,
            content
        );

    /// <summary>The text of a property; null if it has none that is text.</summary>
    public static string? TextOf(JsonObject json, string name)
    {
        try
        {
            return json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: JSON can write it, text cannot hold it.
            return null;
        }
    }
}
