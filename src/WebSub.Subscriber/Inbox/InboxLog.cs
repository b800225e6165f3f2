using Microsoft.Extensions.Logging;

namespace WebSub.Subscriber.Inbox;

internal static partial class InboxLog
{
    [LoggerMessage(4301, LogLevel.Warning, "Notification {Id}: handler {Handler} failed on attempt {Attempt}; retrying at {Due:O}.")]
    public static partial void HandlerFailed(
        ILogger logger,
        long id,
        string handler,
        long attempt,
        DateTimeOffset due,
        Exception exception
    );

    [LoggerMessage(4302, LogLevel.Error, "Notification {Id}: handler {Handler} failed on attempt {Attempt}, the last one; parked.")]
    public static partial void Parked(ILogger logger, long id, string handler, long attempt, Exception exception);
}
