using System.Buffers;
using System.Text;

namespace WebSub.Hub.Delivery;

/// <summary>What every delivery of a topic says about it.</summary>
/// <param name="Link">One combined header with the hub and the topic (H27).</param>
/// <param name="DeliveryIdPrefix">The topic's id and a slash.</param>
internal sealed record TopicHeaders(string Link, string DeliveryIdPrefix)
{
    private static readonly SearchValues<char> EndsTarget = SearchValues.Create("<> \"\r\n");

    private const int MaxOtherHubs = 4;

    /// <param name="topicId">The topic's id.</param>
    /// <param name="topicUrl">The topic as it was subscribed to.</param>
    /// <param name="hubUrl">This hub.</param>
    /// <param name="self">The self URL that the topic advertises; null if it has none.</param>
    /// <param name="hubs">The hubs that the topic advertises, one a line; null if none.</param>
    public static TopicHeaders For(long topicId, string topicUrl, string hubUrl, string? self = null, string? hubs = null)
    {
        var links = $"<{Target(hubUrl)}>; rel=\"hub\", ";
        if (hubs is not null)
        {
            var others = hubs.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(h => h != hubUrl).Take(MaxOtherHubs);
            links += string.Concat(others.Select(h => $"<{Target(h)}>; rel=\"hub\", "));
        }

        return new($"{links}<{Target(self ?? topicUrl)}>; rel=\"self\"", $"{topicId:x16}/");
    }

    // A topic that is not a URL may hold what would end the target early.
    private static string Target(string topic) =>
        topic.AsSpan().ContainsAny(EndsTarget) || !Ascii.IsValid(topic) ? Uri.EscapeDataString(topic).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal) : topic;
}
