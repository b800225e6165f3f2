using Microsoft.Extensions.Logging;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Subscribing;

internal static partial class DeclaredLog
{
    [LoggerMessage(
        4501,
        LogLevel.Warning,
        "Subscription {Id} to {Target} for handler {Handler} is no longer declared. It continues; declare it again, end it with "
            + "websub unsubscribe, or forget it with websub sync --purge-orphans."
    )]
    public static partial void Orphan(ILogger logger, Guid id, string target, string handler);

    [LoggerMessage(
        4502,
        LogLevel.Error,
        "Subscription {Id} to {Target} is for the handler {Handler}, which no longer exists. Its notifications are kept; "
            + "add the handler; if it has a new name, run websub fix-urls; else websub purge --unresolvable."
    )]
    public static partial void NoHandler(ILogger logger, Guid id, string target, string handler);

    [LoggerMessage(4503, LogLevel.Information, "Subscription {Id}: its handler {Old} is now named {New}.")]
    public static partial void Renamed(ILogger logger, Guid id, string old, string @new);

    [LoggerMessage(4505, LogLevel.Information, "Subscription {Id}: its callback {Callback} is answered at the path {Path} of this app.")]
    public static partial void OwnPath(ILogger logger, Guid id, string callback, string path);

    [LoggerMessage(4504, LogLevel.Warning, "Subscription {Id} to {Target} has a new callback URL; {Consequence}.")]
    public static partial void Moved(ILogger logger, Guid id, string target, string consequence);

    [LoggerMessage(
        4506,
        LogLevel.Warning,
        "The hub {Hub} is also used as {Twin}: they count as two. Write it in one way, then run websub sync --purge-orphans."
    )]
    public static partial void SlashTwin(ILogger logger, string hub, string twin);
}
