using Microsoft.Extensions.Logging;

namespace WebSub.Subscriber.Leases;

internal static partial class LeaseLog
{
    [LoggerMessage(4101, LogLevel.Information, "Subscription {Id}: {Mode} request for {Topic}: {Answer}")]
    public static partial void RequestSent(ILogger logger, Guid id, string mode, string topic, string answer);

    [LoggerMessage(4102, LogLevel.Warning, "Subscription {Id}: discovery of {Target} failed: {Fault}")]
    public static partial void NotDiscovered(ILogger logger, Guid id, string target, string fault);

    [LoggerMessage(4103, LogLevel.Warning, "{Count} subscriptions could not be ended before the shutdown time was over; their hubs keep them until their leases end.")]
    public static partial void NotEnded(ILogger logger, int count);
}
