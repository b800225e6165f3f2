using Microsoft.Extensions.Logging;

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
        "Subscription {Id}: {Target} cannot be read, so it is renewed at the hub it has, {Hub}: {Fault}"
    )]
    public static partial void RenewedUnseen(ILogger logger, Guid id, string target, string fault, string hub);

    [LoggerMessage(
        4103,
        LogLevel.Warning,
        "{Count} subscriptions could not be ended before the shutdown time was over; their hubs keep them until their leases end."
    )]
    public static partial void NotEnded(ILogger logger, int count);

    [LoggerMessage(4104, LogLevel.Warning, "Stopping: the database cannot say goodbye for this process, and nothing was unsubscribed.")]
    public static partial void ShutdownTrouble(ILogger logger, Exception exception);

    [LoggerMessage(
        4105,
        LogLevel.Warning,
        "This app does not answer hubs: app.MapWebSubCallbacks() was not called. If no other process does, no subscription is ever verified."
    )]
    public static partial void NotMapped(ILogger logger);

    [LoggerMessage(4108, LogLevel.Warning, "Subscription {Id}: {Reason}")]
    public static partial void NotVerified(ILogger logger, Guid id, string reason);

    [LoggerMessage(4106, LogLevel.Warning, "Subscription {Id} at {Hub}: {Doubt}")]
    public static partial void CannotBeReached(ILogger logger, Guid id, string hub, string doubt);
}
