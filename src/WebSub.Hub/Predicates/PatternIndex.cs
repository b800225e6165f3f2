using WebSub.Hub.Storage;
using WebSub.Hub.Values;
using WebSub.Predicates;
using WebSub.Storage;

namespace WebSub.Hub.Predicates;

/// <summary>
/// Finds the topics with a member whose pattern covers a message: a trie in memory, brought up to date under a share lock on the version of
/// the patterns, so no committed pattern is overlooked. Patterns that have ended are dropped at the next full read; until then they cost an
/// entry without a recipient. Used by one group of appends at a time.
/// </summary>
internal sealed class PatternIndex
{
    private const int MinGrowth = 1000;
    private PredicateTrie<TopicId> _topics = new();
    private long _version = -1;
    private long _loaded;
    private long _added;

    /// <summary>Adds the patterns that are new since the last call.</summary>
    public async Task RefreshAsync(DbSession session)
    {
        var version = await PatternStore.ShareVersionAsync(session);
        if (version == _version)
            return;

        // Ended patterns pile up here: once as many have been added as the last full read found, the next one is due.
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

    /// <summary>Has the next refresh read everything, since what was read last may have been rolled back.</summary>
    public void Forget() => _version = -1;

    /// <summary>The topics with a member whose patterns cover one of these keys.</summary>
    public IReadOnlyCollection<TopicId> Match(IReadOnlyList<string> predicateKeys)
    {
        var topics = new HashSet<TopicId>();
        foreach (var key in predicateKeys)
            _topics.Match(key, topics);
        return topics;
    }
}
