using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSub.Subscriber.Managing;

/// <summary>Reads and writes the files of <c>websub export</c>, and reads those of websubsub's <c>dumpdata</c>.</summary>
internal static class TransferFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly JsonSerializerOptions Dump = new();

    public static string Write(IReadOnlyList<ExportedSubscription> all) =>
        JsonSerializer.Serialize(new ExportFile(ExportFile.Name, ExportFile.Newest, all), Json);

    /// <summary>What an exported file has; null if the text is something else.</summary>
    /// <exception cref="ManagementException">It is one, and cannot be read.</exception>
    public static IReadOnlyList<ExportedSubscription>? ReadExport(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("format", out var format)
            || format.ValueKind != JsonValueKind.String
            || !format.ValueEquals(ExportFile.Name)
        )
            return null;
        if (
            root.TryGetProperty("version", out var version)
            && version.ValueKind == JsonValueKind.Number
            && (!version.TryGetInt32(out var number) || number > ExportFile.Newest)
        )
        {
            throw new ManagementException(
                $"The file has version {version} of its format, and this app reads up to {ExportFile.Newest}; update the app first."
            );
        }

        try
        {
            var all = root.Deserialize<ExportFile>(Json)!.Subscriptions ?? throw new ManagementException("The file has no subscriptions.");
            // The serializer accepts null as an item of a list.
            return all.All(e => e is not null && !e.Callbacks.Contains(null!) && !e.Replaced.Contains(null!))
                ? all
                : throw new JsonException(null, "$.subscriptions", null, null);
        }
        catch (JsonException e)
        {
            throw new ManagementException($"The file is an export, but cannot be read at {e.Path}; export it again.");
        }
    }

    /// <summary>What a dump of websubsub has, other models left out; null if the text is something else.</summary>
    /// <exception cref="ManagementException">It is one, and cannot be read.</exception>
    public static IReadOnlyList<DumpedSubscription>? ReadDump(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array || root.EnumerateArray().Any(r => !IsRecord(r)))
            return null;
        var records = root.EnumerateArray().ToList();
        var ours = records.Where(r => r.GetProperty("model").ValueEquals(DumpedSubscription.Model)).Select(Read).ToList();
        return ours.Count > 0 || records.Count == 0
            ? ours
            : throw new ManagementException($"The dump has no {DumpedSubscription.Model}; write it with manage.py dumpdata websubsub.");
    }

    private static bool IsRecord(JsonElement record) =>
        record.ValueKind == JsonValueKind.Object
        && record.TryGetProperty("model", out var model)
        && model.ValueKind == JsonValueKind.String
        && record.TryGetProperty("fields", out var fields)
        && fields.ValueKind == JsonValueKind.Object;

    private static DumpedSubscription Read(JsonElement record)
    {
        var key = record.TryGetProperty("pk", out var pk) ? pk.ToString() : "";
        try
        {
            var fields = record.GetProperty("fields").Deserialize<DumpedSubscription>(Dump)!;
            if (string.IsNullOrEmpty(fields.HubUrl) || string.IsNullOrEmpty(fields.Topic) || string.IsNullOrEmpty(fields.CallbackName))
            {
                throw new ManagementException($"The subscription {key} in the dump must have hub_url, topic and callback_urlname.");
            }

            // Up to version 0.6 the key was a number.
            return fields with
            {
                Id = Guid.TryParse(key, out var id) ? id : Guid.NewGuid(),
            };
        }
        catch (JsonException e)
        {
            throw new ManagementException($"The subscription {key} in the dump cannot be read at {e.Path}.");
        }
    }
}
