using WebSub.Hub.Values;

namespace WebSub.Hub.Signals;

/// <summary>
/// Tells those who follow a topic's log that it has grown, on whichever node that happened. All who follow one topic share one thing to
/// wait for; a topic that nobody follows costs nothing.
/// </summary>
internal sealed class HeadSignals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicId, Followed> _followed = [];

    /// <summary>The topics that somebody follows.</summary>
    public IReadOnlyList<TopicId> Topics
    {
        get
        {
            lock (_lock)
                return [.. _followed.Keys];
        }
    }

    /// <summary>A topic has an entry with this sequence.</summary>
    public void Raise(TopicId topicId, long head)
    {
        TaskCompletionSource grown;
        lock (_lock)
        {
            if (!_followed.TryGetValue(topicId, out var followed) || head <= followed.Head)
                return;
            (followed.Head, grown, followed.Grown) = (head, followed.Grown, NewSource());
        }

        grown.TrySetResult();
    }

    /// <summary>Follows a topic until it is disposed.</summary>
    public Follower Follow(TopicId topicId)
    {
        lock (_lock)
        {
            if (!_followed.TryGetValue(topicId, out var followed))
                _followed[topicId] = followed = new();
            followed.Followers++;
            return new(this, topicId, followed);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One that follows a topic.</summary>
    internal sealed class Follower(HeadSignals signals, TopicId topicId, Followed followed) : IDisposable
    {
        /// <summary>
        /// The topic's head as far as it was heard of, once that is above a sequence; the same as it was, if it has not grown in time.
        /// </summary>
        public async Task<long> WaitAsync(long above, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
        {
            Task grown;
            lock (signals._lock)
            {
                if (followed.Head > above)
                    return followed.Head;
                grown = followed.Grown.Task;
            }

            await grown.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            lock (signals._lock)
                return followed.Head;
        }

        public void Dispose()
        {
            lock (signals._lock)
            {
                if (--followed.Followers == 0)
                    signals._followed.Remove(topicId);
            }
        }
    }

    /// <summary>What is known of a topic that is followed.</summary>
    internal sealed class Followed
    {
        public long Head { get; set; }

        public int Followers { get; set; }

        public TaskCompletionSource Grown { get; set; } = NewSource();
    }
}
