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
            if (parts.Length == 1 && Encoding.UTF8.GetByteCount(value) > VerbatimUrl.MaxBytes) return ([], $"hub.topic is longer than {VerbatimUrl.MaxBytes} bytes.");
            topics.Add(new(value, parts.Length > 1 ? parts : []));
        }

        return (topics, null);
    }

    /// <summary>A comma may belong to a URL; only one right before another URL separates.</summary>
    [GeneratedRegex(@",\s*(?=https?://)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Commas();
}
