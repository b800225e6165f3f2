using System.Globalization;
using WebSub.Conformance.Checks;

namespace WebSub.Conformance.Peers;

/// <summary>What came to a peer, in order; awaited with a deadline.</summary>
internal sealed class Inbox<T>(TimeProvider time)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly List<T> _all = [];
    private TaskCompletionSource _more = New();

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock)
                return [.. _all];
        }
    }

    public void Add(T request)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            _all.Add(request);
            (more, _more) = (_more, New());
        }

        more.SetResult();
    }

    /// <summary>The first request that is wanted, already there or to come.</summary>
    /// <exception cref="CheckFailedException">None came in time.</exception>
    public async Task<T> FirstAsync(Func<T, bool> isWanted, string what, TimeSpan patience, CancellationToken cancellationToken) =>
        await FindAsync(isWanted, patience, cancellationToken).ConfigureAwait(false)
        ?? throw new CheckFailedException(
            string.Create(CultureInfo.InvariantCulture, $"no {what} came within {patience.TotalSeconds:0.#} s")
        );

    /// <summary>The first request that is wanted, already there or to come; null if none came in time.</summary>
    public async Task<T?> FindAsync(Func<T, bool> isWanted, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (_all.Find(r => isWanted(r)) is { } found)
                    return found;
                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(over.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
