using System.Collections.Concurrent;

namespace WebSub.Hub.Tests;

/// <summary>
/// Listens for changes to the subscriptions of one database, on any of its nodes; a test can wait for one.
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
