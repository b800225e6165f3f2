namespace WebSub.Hub;

/// <summary>
/// Is told what becomes of the hub's subscriptions: for an app's own records, notices or statistics. Each change is told by the process
/// that made it, one after the other, apart from the work that caused it. A change is not stored for this: what a process that is killed
/// had not told is never told, and after a failure of the database one may be told twice.
/// </summary>
public interface IWebSubHubEvents
{
    /// <summary>Something happened. An exception is logged and changes nothing.</summary>
    Task OnChangedAsync(WebSubHubChange change, CancellationToken cancellationToken);
}
