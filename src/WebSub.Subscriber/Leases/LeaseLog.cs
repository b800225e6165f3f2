using Microsoft.Extensions.Logging;
using WebSub.Subscriber.Subscriptions;

namespace WebSub.Subscriber.Leases;

internal static partial class LeaseLog
{
    [LoggerMessage(4101, LogLevel.Information, "Subscription {Id}: {Mode} request for {Topic}: {Answer}")]
    public static partial void RequestSent(ILogger logger, Guid id, string mode, string topic, string answer);

    [LoggerMessage(4102, LogLevel.Warning, "Subscription {Id}: discovery of {Target} failed: {Fault}")]
    public static partial void NotDiscovered(ILogger logger, Guid id, string target, string fault);

    [LoggerMessage(
        4107,
        LogLevel.Warning,
        "Subscription {Id}: {Target} cannot be read, so it is renewed at its current hub, {Hub}: {Fault}"
    )]
    public static partial void RenewedUnseen(ILogger logger, Guid id, string target, string fault, string hub);

    [LoggerMessage(
        4103,
        LogLevel.Warning,
        "{Count} subscriptions could not be ended within ShutdownSeconds; their hubs keep them until their leases end."
    )]
    public static partial void NotEnded(ILogger logger, int count);

    [LoggerMessage(4104, LogLevel.Warning, "Stopping: the database did not answer, so nothing was unsubscribed.")]
    public static partial void ShutdownTrouble(ILogger logger, Exception exception);

    [LoggerMessage(
        4105,
        LogLevel.Warning,
        "This app does not answer hubs: app.MapWebSubCallbacks() was not called. Unless another process does, "
            + "no subscription will be verified."
    )]
    public static partial void NotMapped(ILogger logger);

    [LoggerMessage(4109, LogLevel.Warning, "Process {Owner} is gone; the others take over its work.")]
    public static partial void ProcessGone(ILogger logger, string owner);

    [LoggerMessage(4108, LogLevel.Warning, "Subscription {Id}: {Reason}")]
    public static partial void NotVerified(ILogger logger, Guid id, string reason);

    [LoggerMessage(4106, LogLevel.Warning, "Subscription {Id} at {Hub}: {Doubt}")]
    public static partial void CannotBeReached(ILogger logger, Guid id, string hub, string doubt);
}
