namespace YouTubeNotifier;

/// <summary>The videos seen so far, in memory: YouTube sends the same entry again when a title or a description changes.</summary>
internal sealed class KnownVideos
{
    private readonly HashSet<string> _ids = [];
    private readonly Lock _lock = new();

    /// <summary>True the first time.</summary>
    public bool Add(string id)
    {
        lock (_lock)
            return _ids.Add(id);
    }
}
