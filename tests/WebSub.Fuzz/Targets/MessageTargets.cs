using System.Text;
using WebSub.Http;
using WebSub.Hub;
using WebSub.Hub.Predicates;
using WebSub.Hub.Publishing;
using WebSub.Hub.Subscribing;
using WebSub.Predicates;
using WebSub.Protocol;

namespace WebSub.Fuzz.Targets;

/// <summary>What callers of the hub and its predicates send.</summary>
internal static class MessageTargets
{
    private static readonly AddressGuard Guard = new(new OutboundOptions());

    public static void Forms(byte[] input)
    {
        if (HubFields.TryParse(input, out var fields, out _))
        {
            _ = fields.ToString();
            var (request, error) = SubscribeForm.Read(fields, new LeaseOptions(), Guard);
            if (request is null == error is null)
                throw new InvalidOperationException("A form is a request or an error.");
            PublishTopics.Read(fields);
            PredicateForm.Read(fields, Guard);
        }

        _ = HubFields.TryParseCallback(input, out _, out _);
    }

    public static void Json(byte[] input)
    {
        var (messages, _, errors) = MessageReader.Read(input, () => "r");
        if (messages.Count == 0 && errors.Count == 0)
            throw new InvalidOperationException("A body has messages or errors.");
        _ = PredicateEvent.TryParse(input, out _, out _);
    }

    public static void Predicates(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var trie = new PredicateTrie<string>();
        if (PredicateTopic.TryParse(text, out var topic, out _))
            trie.Add(topic.Key, "a");
        foreach (var line in text.Split('\n'))
        {
            if (!Predicate.TryNormalize(line, out var key, out _))
                continue;
            _ = topic?.Covers(line);
            trie.Match(key, new HashSet<string>(StringComparer.Ordinal));
        }
    }
}
