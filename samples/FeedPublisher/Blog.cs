namespace FeedPublisher;

/// <summary>The posts, in memory: what matters here is how they are announced.</summary>
internal sealed class Blog
{
    private readonly Lock _lock = new();
    private readonly List<Post> _posts = [new(1, "Hello, world", TimeProvider.System.GetUtcNow())];

    /// <summary>The newest posts first.</summary>
    public IReadOnlyList<Post> Posts
    {
        get
        {
            lock (_lock)
                return [.. _posts.AsEnumerable().Reverse()];
        }
    }

    public Post Add(string text)
    {
        lock (_lock)
        {
            var post = new Post(_posts.Count + 1, text, TimeProvider.System.GetUtcNow());
            _posts.Add(post);
            return post;
        }
    }
}
