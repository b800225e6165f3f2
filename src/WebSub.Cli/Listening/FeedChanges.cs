using System.Xml.Linq;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>What changed in a feed since the deliveries before: many hubs deliver the whole feed each time.</summary>
internal sealed class FeedChanges
{
    private const int MaxTitle = 200;

    /// <summary>What entries said when they were last delivered, by id. Some share one.</summary>
    private readonly Dictionary<string, HashSet<string>> _known = [];
    private bool _isFirst = true;

    /// <summary>The entries that are new, changed or deleted; null if the notification is no feed.</summary>
    /// <param name="notification">The notification.</param>
    /// <param name="text">Its body as text.</param>
    public IReadOnlyList<FeedChange>? Read(WebSubNotification notification, string text)
    {
        var feed = Parse(notification);
        if ((feed?.Entries.Select(Item).ToList() ?? JsonFeed.Read(text)) is not { } items)
            return null;

        var changed = new List<FeedChange>();
        foreach (var sameId in items.GroupBy(e => e.Id ?? e.Link ?? TitleOf(e)))
        {
            var now = new HashSet<string>();
            var before = _known.GetValueOrDefault(sameId.Key);
            foreach (var entry in sameId)
            {
                if (!now.Add(entry.Content) || before?.Contains(entry.Content) == true)
                    continue;
                var remark =
                    before is not null ? "changed"
                    : _isFirst ? null
                    : "new";
                changed.Add(new(TitleOf(entry), remark, entry.Link, entry.At));
            }

            _known[sameId.Key] = now;
        }

        if (feed is not null)
            changed.AddRange(feed.DeletedEntries.Select(e => new FeedChange(e.Ref ?? "an entry", "deleted")));
        _isFirst = false;
        return changed;
    }

    private static FeedItem Item(WebSubFeedEntry entry) =>
        new(entry.Id, entry.Title, entry.Link, entry.Updated ?? entry.Published, entry.Element.ToString(SaveOptions.DisableFormatting));

    private static string TitleOf(FeedItem entry)
    {
        if (string.IsNullOrWhiteSpace(entry.Title))
            return "(no title)";
        var title = string.Join(' ', entry.Title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return title.Length > MaxTitle ? title[..MaxTitle] + "…" : title;
    }

    private static WebSubFeed? Parse(WebSubNotification notification)
    {
        try
        {
            return notification.ReadFeed();
        }
#pragma warning disable CA1031 // Whatever keeps it from being read as a feed, it is shown as text then.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
