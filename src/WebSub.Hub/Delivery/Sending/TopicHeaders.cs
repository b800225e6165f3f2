using WebSub.Hub.Hosting;
using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Values;

namespace WebSub.Hub.Delivery.Sending;

/// <summary>What every delivery of a topic says about it.</summary>
/// <param name="Link">One combined header with the topic and the hub (H27).</param>
/// <param name="DeliveryIdPrefix">The topic's id and a slash.</param>
/// <param name="MessagesUrl">
/// For a topic of predicates: where its messages are read, with a slash at the end. Each of them is a self of its own.
/// </param>
internal sealed record TopicHeaders(string Link, string DeliveryIdPrefix, string? MessagesUrl)
{
    private const int MaxOtherHubs = 4;

    /// <summary>What deliveries to a lane's members say.</summary>
    public static TopicHeaders Of(LaneRow lane, HubAddress address) =>
        lane.Filtered
            ? ForMessages(lane.TopicId, address.SubscriptionsUrl, address.MessagesUrl)
            : For(lane.TopicId, lane.TopicUrl, address.PublicUrl, lane.SelfUrl, lane.Hubs);

    /// <summary>What deliveries to a subscription that is behind say.</summary>
    public static TopicHeaders Of(SubscriptionRow row, HubAddress address) =>
        row.Filtered
            ? ForMessages(row.TopicId, address.SubscriptionsUrl, address.MessagesUrl)
            : For(row.TopicId, row.TopicUrl, address.PublicUrl, row.SelfUrl, row.Hubs);

    /// <param name="topicId">The topic's id.</param>
    /// <param name="topicUrl">The topic as it was subscribed to.</param>
    /// <param name="hubUrl">This hub.</param>
    /// <param name="self">The self URL that the topic advertises; null if it has none.</param>
    /// <param name="hubs">The hubs that the topic advertises, one a line; null if none.</param>
    public static TopicHeaders For(TopicId topicId, string topicUrl, string hubUrl, string? self = null, string? hubs = null)
    {
        // Self first: a subscriber in use reads the first link only.
        var links = $"<{AsciiUrl.Of(self ?? topicUrl)}>; rel=\"self\", <{AsciiUrl.Of(hubUrl)}>; rel=\"hub\"";
        if (hubs is not null)
        {
            var others = hubs.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(h => h != hubUrl).Take(MaxOtherHubs);
            links += string.Concat(others.Select(h => $", <{AsciiUrl.Of(h)}>; rel=\"hub\""));
        }

        return new(links, $"{topicId.Value:x16}/", null);
    }

    /// <summary>The headers of a topic of predicates.</summary>
    public static TopicHeaders ForMessages(TopicId topicId, string subscriptionsUrl, string messagesUrl) =>
        new($"<{AsciiUrl.Of(subscriptionsUrl)}>; rel=\"hub\"", $"{topicId.Value:x16}/", messagesUrl);

    /// <summary>The <c>Link</c> of one entry.</summary>
    public string LinkOf(LogEntry entry) =>
        MessagesUrl is null ? Link : $"<{AsciiUrl.Of(MessagesUrl + entry.Reference)}>; rel=\"self\", {Link}";
}
