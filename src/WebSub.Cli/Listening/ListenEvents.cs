using WebSub.Subscriber;

namespace WebSub.Cli.Listening;

/// <summary>Passes the library's events on to the session.</summary>
internal sealed class ListenEvents(ListenSession session) : IWebSubEvents
{
    public Task OnChangedAsync(WebSubSubscriptionChange change, CancellationToken cancellationToken)
    {
        session.Changed(change);
        return Task.CompletedTask;
    }
}
