using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Predicates;
using WebSub.Storage;

namespace WebSub.Hub.Predicates;

/// <summary>
/// Which topics have a member whose pattern covers a message: a trie in memory, brought up to date under a share lock on the version of the
/// patterns, so no pattern that is committed is overlooked. Patterns that ended are dropped when it is read anew; until then they cost an
/// entry that nobody gets. Used by one group of appends at a time.
/// </summary>
internal sealed class PatternIndex
{
    private const int MinGrowth = 1000;
    private PredicateTrie<TopicId> _topics = new();
    private long _version = -1;
    private long _loaded;
    private long _added;

    /// <summary>Takes in the patterns that were added since the last call.</summary>
    public async Task RefreshAsync(DbSession session)
    {
        var version = await PatternStore.ShareVersionAsync(session);
        if (version == _version)
            return;

        // Every pattern ever added is added here once: as many again as at the last full reading, and it is time for the next.
        var anew = _version < 0 || _version > version || _added >= _loaded + MinGrowth;
        var since = anew ? -1 : _version;
        var patterns = await PatternStore.AddedAsync(session, since);
        if (anew)
            (_topics, _loaded, _added) = (new(), patterns.Count, 0);
        else
            _added += patterns.Count;
        foreach (var (pattern, topicId) in patterns)
            _topics.Add(pattern, topicId);
        _version = version;
    }

    /// <summary>What was read last may have been rolled back: the next refresh reads everything.</summary>
    public void Forget() => _version = -1;

    /// <summary>The topics with a member to whom one of these keys is of interest.</summary>
    public IReadOnlyCollection<TopicId> Match(IReadOnlyList<string> predicateKeys)
    {
        var topics = new HashSet<TopicId>();
        foreach (var key in predicateKeys)
            _topics.Match(key, topics);
        return topics;
    }
}
