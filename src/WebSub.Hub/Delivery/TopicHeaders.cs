using System.Buffers;
using System.Text;

namespace WebSub.Hub.Delivery;

/// <summary>What every delivery of a topic says about it.</summary>
/// <param name="Link">One combined header with the hub and the topic (H27).</param>
/// <param name="DeliveryIdPrefix">The topic's id and a slash.</param>
internal sealed record TopicHeaders(string Link, string DeliveryIdPrefix)
{
    private static readonly SearchValues<char> EndsTarget = SearchValues.Create("<> \"\r\n");

    public static TopicHeaders For(long topicId, string topicUrl, string hubUrl) => new($"<{hubUrl}>; rel=\"hub\", <{Target(topicUrl)}>; rel=\"self\"", $"{topicId:x16}/");

    // A topic that is not a URL may hold what would end the target early.
    private static string Target(string topic) =>
        topic.AsSpan().ContainsAny(EndsTarget) || !Ascii.IsValid(topic) ? Uri.EscapeDataString(topic).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal) : topic;
}
