using System.Collections.Concurrent;

namespace WebSub.Hub.Tests;

/// <summary>
/// Hears what becomes of the subscriptions of one database, on whichever of its nodes it happens; a test can wait for it.
/// </summary>
internal sealed class HubChanges : IWebSubHubEvents
{
    private static readonly ConcurrentDictionary<string, HubChanges> Named = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TaskCompletionSource, Func<WebSubHubChange, bool>> _waits = new();

    public static HubChanges Of(string connectionString) => Named.GetOrAdd(connectionString, _ => new());

    /// <summary>Completes with the next such change.</summary>
    public Task NextAsync(Func<WebSubHubChange, bool> isIt)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits[source] = isIt;
        return source.Task.WaitAsync(HubHost.Deadline);
    }

    public Task OnChangedAsync(WebSubHubChange change, CancellationToken cancellationToken)
    {
        foreach (var (source, isIt) in _waits)
        {
            if (isIt(change))
                source.TrySetResult();
        }

        return Task.CompletedTask;
    }
}
