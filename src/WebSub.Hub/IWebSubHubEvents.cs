namespace WebSub.Hub;

/// <summary>
/// Listens for changes to the hub's subscriptions, for an app's own records, messages or statistics. The process that makes a change
/// reports it, one change at a time, outside the work that caused it. Changes are not stored for this purpose: those that a killed process
/// had not yet reported are never reported, and after a database failure one may be reported twice.
/// </summary>
public interface IWebSubHubEvents
{
    /// <summary>Handles a change. An exception is logged and has no other effect.</summary>
    Task OnChangedAsync(WebSubHubChange change, CancellationToken cancellationToken);
}
