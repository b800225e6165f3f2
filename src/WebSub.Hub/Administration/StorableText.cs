using System.Text.Json;
using System.Text.Json.Serialization;

namespace WebSub.Hub.Administration;

/// <summary>Reads texts from JSON, but for those that PostgreSQL cannot store: with the character U+0000.</summary>
internal sealed class StorableText : JsonConverter<string>
{
    /// <summary>What is asked of every text.</summary>
    public const string Demand = "It must not contain the character U+0000.";

    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException();
        return reader.GetString() is { } text && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
