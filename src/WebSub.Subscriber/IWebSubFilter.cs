namespace WebSub.Subscriber;

/// <summary>
/// Wraps every call to every handler, queued or inline: to log, measure, drop, or open a scope. Filters run in the order they were added,
/// the first outermost; each notification gets a new instance, resolved with its services.
/// </summary>
public interface IWebSubFilter
{
    /// <summary>
    /// Calls <paramref name="next"/>, or does not, and returns the outcome for the notification. Around a queued handler
    /// <see cref="WebSubReply.Accept"/> means handled, <see cref="WebSubReply.Gone"/> ends the subscription, and after a rejection, as
    /// after an exception, it is retried.
    /// </summary>
    /// <param name="notification">What the hub delivered.</param>
    /// <param name="next">The next filter, or the handler itself.</param>
    /// <param name="cancellationToken">Fires when the app stops or, inline, when the hub hangs up.</param>
    ValueTask<WebSubReply> InvokeAsync(
        WebSubNotification notification,
        Func<ValueTask<WebSubReply>> next,
        CancellationToken cancellationToken
    );
}
