using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using WebSub.Http;
using WebSub.Hub.Storage;
using WebSub.Protocol;
using WebSub.Values;

namespace WebSub.Hub.Publishing;

/// <summary>Reads the topics of a ping in every form in use (X4): hub.topic, hub.url, hub.url[], repeated or comma-separated.</summary>
internal static partial class PublishTopics
{
    /// <summary>The most topics in one ping: each is a statement in the transaction that the 202 waits for.</summary>
    public const int MaxTopics = 100;

    private static readonly string[] Names = [HubParameters.Topic, HubParameters.Url, HubParameters.UrlArray, "hub.topic[]"];

    /// <summary>
    /// Each value as given, and its parts if it can be read as a list. It is taken as a list only if the value itself is not a known topic.
    /// </summary>
    public static (IReadOnlyList<PingedTopic> Topics, string? Error) Read(HubFields fields)
    {
        var values = Names.SelectMany(fields.All).Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (values.Count == 0)
            return ([], "hub.topic is missing; give the URL of the topic that changed.");

        var topics = new List<PingedTopic>(values.Count);
        foreach (var value in values)
        {
            string[] parts = [.. Commas().Split(value).Select(p => p.Trim())];
            if (Array.Exists(parts, p => Encoding.UTF8.GetByteCount(p) > VerbatimUrl.MaxBytes))
                return ([], $"hub.topic is longer than {VerbatimUrl.MaxBytes} bytes.");
            // No topic contains one, and PostgreSQL cannot store a NUL.
            if (UnfitCharacter.IsIn(value))
                return ([], $"hub.topic {UnfitCharacter.Fault}.");
            if (parts.Select(UserFault).FirstOrDefault(f => f is not null) is { } fault)
                return ([], $"hub.topic {fault}.");
            topics.Add(new(value, parts.Length > 1 ? parts : []));
        }

        return Count(topics) <= MaxTopics
            ? (topics, null)
            : ([], $"The ping names more than {MaxTopics} topics; send the others in further pings.");
    }

    /// <summary>Why a URL with a user name or a password, which would be stored and logged, is no topic; null if it has none.</summary>
    public static string? UserFault(string topic) =>
        VerbatimUrl.TryCreate(topic, out _, out _) && !Topic.TryParse(topic, out _, out var fault) ? fault : null;

    /// <summary>The number of topics in a ping.</summary>
    public static int Count(IReadOnlyList<PingedTopic> topics) => topics.Sum(t => Math.Max(1, t.Parts.Count));

    /// <summary>Why a query cannot be read, as a sentence.</summary>
    public const string NoQuery = "The query is not valid UTF-8, percent-encoded.";

    /// <summary>Reads the fields of a query.</summary>
    public static bool TryReadQuery(QueryString query, [NotNullWhen(true)] out HubFields? fields) =>
        HubFields.TryParse(Encoding.UTF8.GetBytes(query.HasValue ? query.Value[1..] : ""), out fields, out _);

    /// <summary>
    /// Reads the topic of pushed content from the query; <paramref name="error"/> is a sentence. ASP.NET Core's own reading would join
    /// repeated fields and replace bytes that are not UTF-8.
    /// </summary>
    public static bool TryReadPushed(QueryString query, [NotNullWhen(true)] out string? topic, [NotNullWhen(false)] out string? error)
    {
        (topic, error) = (null, NoQuery);
        if (!TryReadQuery(query, out var fields))
            return false;

        topic = fields[HubParameters.Topic];
        error =
            fields.All(HubParameters.Topic).Count() > 1 ? "hub.topic is given more than once; content goes to one topic."
            : string.IsNullOrEmpty(topic) ? "hub.topic is missing; give the topic that the content belongs to."
            : UnfitCharacter.IsIn(topic) ? $"hub.topic {UnfitCharacter.Fault}."
            : null;
        return error is null;
    }

    /// <summary>A comma may be part of a URL; only one right before another URL is a separator.</summary>
    [GeneratedRegex(@",\s*(?=https?://)", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Commas();
}
