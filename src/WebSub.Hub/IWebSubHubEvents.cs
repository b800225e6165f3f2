namespace WebSub.Hub;

/// <summary>
/// Listens for what happens in the hub, for an app's own records, messages or statistics: implement what you want to hear of. The process
/// in which something happens reports it, one event at a time, outside the work that caused it, with a number that rises from one event to
/// the next, of whatever sort. Events are not stored for this purpose: those that a killed process had not yet reported are never reported,
/// and after a database failure one may be reported twice.
/// </summary>
/// <remarks>An exception is logged and has no other effect.</remarks>
public interface IWebSubHubEvents
{
    /// <summary>Handles a change to a subscription.</summary>
    Task OnChangedAsync(WebSubHubChange change, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Handles an update that was stored. Its deliveries may have begun.</summary>
    Task OnPublishedAsync(WebSubHubUpdate update, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Handles a fetch of a pinged topic that failed.</summary>
    Task OnFetchFailedAsync(WebSubHubFailedFetch failed, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Handles an operator's action that was carried out, or an API key that was created or disabled.</summary>
    Task OnActionAsync(WebSubHubCompletedAction completed, CancellationToken cancellationToken) => Task.CompletedTask;
}
