using System.Text.Json;
using System.Text.Json.Nodes;
using WebSub.Hub.Storage;
using WebSub.Predicates;

namespace WebSub.Hub.Predicates;

/// <summary>
/// Reads the body of <c>POST /messages</c>: one JSON object, or an array of them. Unknown properties are kept and delivered unchanged.
/// </summary>
internal static class MessageReader
{
    /// <summary>The most messages in one request.</summary>
    public const int MaxBatch = 1000;

    private static readonly string[] Required = ["sender", "receiver", "subject", "obj", "predicate"];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The messages, each with its own reference, or the errors of all of them.</summary>
    /// <param name="body">The body.</param>
    /// <param name="newReference">Makes references.</param>
    public static (IReadOnlyList<HubMessage> Messages, bool IsBatch, IReadOnlyList<PredicateError> Errors) Read(
        ReadOnlySpan<byte> body,
        Func<string> newReference
    )
    {
        var (root, unreadable) = Parse(body);
        if (unreadable is not null)
            return ([], false, [unreadable]);

        var items = root as JsonArray;
        if (items is null ? root is not JsonObject { Count: > 0 } : items.Count == 0)
            return ([], items is not null, [PredicateError.EmptyMessage()]);
        if (items?.Count > MaxBatch)
            return ([], true, [PredicateError.InvalidMessage([$"{items.Count} messages are more than {MaxBatch}"])]);

        var messages = new List<HubMessage>();
        var errors = new List<PredicateError>();
        IReadOnlyList<JsonNode?> nodes = items is null ? [root] : [.. items];
        for (var i = 0; i < nodes.Count; i++)
        {
            // A JSON node has one parent, so it has to leave the array before it becomes a message.
            items?.RemoveAt(0);
            var place = items is null ? "" : $"message {i + 1}: ";
            if (nodes[i] is not JsonObject { Count: > 0 } json)
                errors.Add(
                    items is null ? PredicateError.EmptyMessage() : PredicateError.InvalidMessage([place + "not a non-empty JSON object"])
                );
            else if (Read(json, place, newReference(), errors) is { } message)
                messages.Add(message);
        }

        return (messages, items is not null, errors);
    }

    /// <summary>The JSON of a body, or the error.</summary>
    public static (JsonNode? Root, PredicateError? Error) Parse(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return (null, PredicateError.EmptyMessage());
        try
        {
            var root = JsonNode.Parse(body, documentOptions: Strict);
            ReadNames(root);
            return (root, null);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return (null, PredicateError.UnreadableMessage("a name in it is not valid Unicode, or occurs twice"));
        }
        catch (JsonException e)
        {
            return (null, PredicateError.UnreadableMessage($"not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}"));
        }
    }

    // Nodes read the names of their properties when they are first asked for one, and throw at half a surrogate pair.
    private static void ReadNames(JsonNode? node)
    {
        if (node is JsonObject json)
        {
            foreach (var (_, value) in json)
                ReadNames(value);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                ReadNames(item);
        }
    }

    private static HubMessage? Read(JsonObject json, string place, string reference, List<PredicateError> errors)
    {
        var faults = new List<string>();
        foreach (var name in Required)
        {
            if (!json.ContainsKey(name))
                faults.Add($"missing attr: {name}");
            else if (string.IsNullOrEmpty(HubMessage.TextOf(json, name)))
                faults.Add($"{name} is empty or no text");
        }

        if (json.ContainsKey("reference"))
            faults.Add("spurious attr: reference");
        if (HubMessage.TextOf(json, "predicate") is { Length: > 0 } predicate && !Predicate.TryNormalize(predicate, out _, out var fault))
            faults.Add($"predicate: {fault}");

        var senderRef = json["sender_ref"] is null ? reference : HubMessage.TextOf(json, "sender_ref");
        if (string.IsNullOrEmpty(senderRef))
            faults.Add("sender_ref is empty or no text");
        else if (MessageEvents.Fault(senderRef) is { } unfit)
            faults.Add($"sender_ref: {unfit}");

        var status = json["status"] is null ? MessageStatus.Pending : HubMessage.TextOf(json, "status");
        var knows = status is not null && MessageStatus.All.Contains(status, StringComparer.Ordinal);
        if (!knows)
            errors.Add(PredicateError.UnexpectedStatus(status, MessageStatus.All));
        json.Remove("status");
        json["sender_ref"] = senderRef;
        if (Written(json) is not { } content)
            faults.Add("a text in it is not valid Unicode");
        else if (faults.Count == 0 && knows)
            return HubMessage.Restore(reference, json, status!, content);

        if (faults.Count > 0)
            errors.Add(PredicateError.InvalidMessage([.. faults.Select(f => place + f)]));
        return null;
    }

    // Half a surrogate pair can be written in JSON; readers of our deliveries could not represent it.
    private static byte[]? Written(JsonObject json)
    {
        try
        {
            return MessageJson.Bytes(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
