using System.Xml.Linq;
using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>What changed in a feed since the deliveries before: many hubs deliver the whole feed each time.</summary>
internal sealed class FeedChanges
{
    private const int Shown = 5;
    private readonly Dictionary<string, string> _known = [];
    private bool _isFirst = true;

    /// <summary>Lines with the titles of entries that are new or changed; null if the notification is no feed.</summary>
    public IReadOnlyList<string>? Read(WebSubNotification notification)
    {
        if (Parse(notification) is not { } feed)
            return null;

        var changed = new List<string>();
        foreach (var entry in feed.Entries)
        {
            var title = string.IsNullOrWhiteSpace(entry.Title)
                ? "(no title)"
                : string.Join(' ', entry.Title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            var key = entry.Id ?? entry.Link ?? title;
            var content = entry.Element.ToString(SaveOptions.DisableFormatting);
            var before = _known.GetValueOrDefault(key);
            _known[key] = content;
            if (before == content)
                continue;
            changed.Add(
                before is not null ? $"{title} (changed)"
                : _isFirst ? title
                : $"{title} (new)"
            );
        }

        changed.AddRange(feed.DeletedEntries.Select(e => $"{e.Ref} (deleted)"));
        _isFirst = false;
        if (changed.Count == 0)
            return ["no entry changed"];
        return changed.Count <= Shown ? changed : [.. changed.Take(Shown), $"… and {changed.Count - Shown} more"];
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
