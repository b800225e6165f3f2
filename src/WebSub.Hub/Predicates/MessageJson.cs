using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebSub.Hub.Storage;

namespace WebSub.Hub.Predicates;

/// <summary>Writes JSON for the wire: UTF-8, with text left readable.</summary>
internal static class MessageJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(JsonNode json) => JsonSerializer.SerializeToUtf8Bytes(json, Plain);

    /// <summary>A message as readers get it, with its reference and current status.</summary>
    public static JsonObject Full(HubMessage message)
    {
        var json = JsonNode.Parse(message.Content)!.AsObject();
        json["status"] = message.Status;
        json["reference"] = message.Reference;
        return json;
    }
}
