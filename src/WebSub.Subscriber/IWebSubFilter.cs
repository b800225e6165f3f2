namespace WebSub.Subscriber;

/// <summary>
/// Stands around every call of every handler, queued or inline: to log, to measure, to drop, to open a scope. Filters run in the order they
/// were added, the first one outermost; each is made anew for a notification with its services.
/// </summary>
public interface IWebSubFilter
{
    /// <summary>
    /// Calls <paramref name="next"/>, or not, and returns what shall become of the notification. Around a queued handler
    /// <see cref="WebSubReply.Accept"/> means handled, <see cref="WebSubReply.Gone"/> ends the subscription, and a rejection, like an
    /// exception, has it tried again.
    /// </summary>
    /// <param name="notification">What the hub delivered.</param>
    /// <param name="next">The next filter, in the end the handler.</param>
    /// <param name="cancellationToken">Fires when the app stops or, inline, when the hub hangs up.</param>
    ValueTask<WebSubReply> InvokeAsync(
        WebSubNotification notification,
        Func<ValueTask<WebSubReply>> next,
        CancellationToken cancellationToken
    );
}
