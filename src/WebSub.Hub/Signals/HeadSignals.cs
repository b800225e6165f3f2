using System.Threading.Tasks.Sources;
using WebSub.Hub.Values;

namespace WebSub.Hub.Signals;

/// <summary>
/// Tells those who follow a topic's log that it has grown, on whichever node that happened. A topic that nobody follows costs nothing, and
/// who follows one may wait as often as it likes without leaving anything behind: there are many, and most of the time they wait.
/// </summary>
internal sealed class HeadSignals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicId, Followed> _followed = [];
    private bool _isOver;

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
        lock (_lock)
        {
            if (!_followed.TryGetValue(topicId, out var followed) || head <= followed.Head)
                return;
            followed.Head = head;
            foreach (var follower in followed.Followers)
                follower.Wake_NeedsLock();
        }
    }

    /// <summary>Wakes those that have waited since a moment or longer.</summary>
    /// <param name="since">A time stamp of the clock that they were given.</param>
    public void WakeThoseOf(long since)
    {
        lock (_lock)
        {
            foreach (var follower in _followed.Values.SelectMany(f => f.Followers))
            {
                if (follower.Since <= since)
                    follower.Wake_NeedsLock();
            }
        }
    }

    /// <summary>Wakes all; from now on nobody waits.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            foreach (var follower in _followed.Values.SelectMany(f => f.Followers))
                follower.Wake_NeedsLock();
        }
    }

    /// <summary>Follows a topic until it is disposed.</summary>
    public Follower Follow(TopicId topicId)
    {
        lock (_lock)
        {
            if (!_followed.TryGetValue(topicId, out var followed))
                _followed[topicId] = followed = new();
            var follower = new Follower(this, topicId, followed);
            followed.Followers.Add(follower);
            return follower;
        }
    }

    /// <summary>One that follows a topic. It waits once at a time.</summary>
    internal sealed class Follower(HeadSignals signals, TopicId topicId, Followed followed) : IValueTaskSource<long>, IDisposable
    {
        private ManualResetValueTaskSourceCore<long> _wait = new() { RunContinuationsAsynchronously = true };
        private bool _waits;
        private bool _isOver;

        /// <summary>The time stamp at which it began to wait.</summary>
        public long Since { get; private set; }

        /// <summary>
        /// The topic's head as far as it was heard of, once that is above a sequence; the same as it was, if it was woken for another
        /// reason.
        /// </summary>
        /// <param name="above">The sequence.</param>
        /// <param name="now">The time stamp of this moment.</param>
        public ValueTask<long> WaitAsync(long above, long now)
        {
            lock (signals._lock)
            {
                if (followed.Head > above || _isOver || signals._isOver)
                    return new(followed.Head);
                _wait.Reset();
                (_waits, Since) = (true, now);
                return new(this, _wait.Version);
            }
        }

        /// <summary>Wakes it; from now on it does not wait.</summary>
        public void End()
        {
            lock (signals._lock)
            {
                _isOver = true;
                Wake_NeedsLock();
            }
        }

        public void Wake_NeedsLock()
        {
            if (!_waits)
                return;
            _waits = false;
            _wait.SetResult(followed.Head);
        }

        public void Dispose()
        {
            lock (signals._lock)
            {
                followed.Followers.Remove(this);
                if (followed.Followers.Count == 0)
                    signals._followed.Remove(topicId);
            }
        }

        long IValueTaskSource<long>.GetResult(short token) => _wait.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource<long>.GetStatus(short token) => _wait.GetStatus(token);

        void IValueTaskSource<long>.OnCompleted(
            Action<object?> continuation,
            object? state,
            short token,
            ValueTaskSourceOnCompletedFlags flags
        ) => _wait.OnCompleted(continuation, state, token, flags);
    }

    /// <summary>What is known of a topic that is followed.</summary>
    internal sealed class Followed
    {
        public long Head { get; set; }

        public HashSet<Follower> Followers { get; } = [];
    }
}
