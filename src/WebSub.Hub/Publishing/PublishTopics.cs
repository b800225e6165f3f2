using System.Text;
using System.Text.RegularExpressions;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Hub.Publishing;

/// <summary>Reads the topics of a ping in every form in use (X4): hub.topic, hub.url, hub.url[], repeated or comma-separated.</summary>
internal static partial class PublishTopics
{
    private static readonly string[] Names = [HubParameters.Topic, HubParameters.Url, HubParameters.UrlArray, "hub.topic[]"];

    /// <summary>Each value as it was given, and what it is if it is a list. The list is meant only where the value itself is no known topic.</summary>
    public static (IReadOnlyList<PingedTopic> Topics, string? Error) Read(HubFields fields)
    {
        var values = Names.SelectMany(fields.All).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (values.Count == 0) return ([], "hub.topic is missing; give the URL of the topic that changed.");

        var topics = new List<PingedTopic>(values.Count);
        foreach (var value in values)
        {
            string[] parts = [.. Commas().Split(value).Select(p => p.Trim())];
            if (Array.Exists(parts, p => Encoding.UTF8.GetByteCount(p) > VerbatimUrl.MaxBytes)) return ([], $"hub.topic is longer than {VerbatimUrl.MaxBytes} bytes.");
            // PostgreSQL has no text with it, so there is no such topic.
            if (value.Contains('\0', StringComparison.Ordinal)) return ([], "hub.topic contains a NUL character.");
            topics.Add(new(value, parts.Length > 1 ? parts : []));
        }

        return (topics, null);
    }

    /// <summary>Reads the topic of pushed content from the query. ASP.NET Core's own reading would join repeated fields and replace bytes that are not UTF-8.</summary>
    public static (string? Topic, string? Error) ReadPushed(QueryString query)
    {
        var text = query.HasValue ? query.Value[1..] : "";
        if (!HubFields.TryParse(Encoding.UTF8.GetBytes(text), out var fields, out _)) return (null, "The query is not valid UTF-8, percent-encoded.");
        return fields.All(HubParameters.Topic).Skip(1).Any() ? (null, "hub.topic is given more than once; content goes to one topic.") : (fields[HubParameters.Topic], null);
    }

    /// <summary>A comma may belong to a URL; only one right before another URL separates.</summary>
    [GeneratedRegex(@",\s*(?=https?://)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Commas();
}
